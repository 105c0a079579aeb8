package io.claviger.application.prices.port;

import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.ListedPrice;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.PriceContent;
import io.claviger.domain.prices.PriceScope;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Stores prices. A price that is replaced or deleted ends, but stays stored under its version,
 * because charges refer to it.
 */
public interface PriceStore {
  /**
   * The greatest number of own prices that are stored for one service, including those that have
   * ended.
   */
  int MOST_OF_A_SERVICE = 1_000;

  /** The greatest number of versions of a model whose prices are considered. */
  int MOST_VERSIONS = 16;

  /**
   * Finds the prices of a call, together with the bounds of the model that is called.
   *
   * @param names the names under which the price of the model is looked up; the price of the first
   *     name that has a price is used
   * @param on the day (UTC) on which the prices are valid
   */
  CallPrices find(Instance.Id service, Provider provider, List<String> names, LocalDate on);

  /**
   * Finds the prices of the versions of a model: the models with the same name and a date or number
   * after it, as {@link io.claviger.domain.prices.PriceNames#isVersion} decides. If the service or
   * the deployment has prices of more than {@link #MOST_VERSIONS} versions, only the last versions
   * in the order of their names are considered.
   *
   * @param on the day (UTC) on which the prices are valid
   */
  List<Price> versionsOf(Instance.Id service, Provider provider, String model, LocalDate on);

  /**
   * Returns the prices with these version numbers, including prices that have ended. Numbers that
   * belong to no price are left out of the result.
   */
  List<Price> ofVersions(Collection<Long> versions);

  /** Returns the fields of a service on which the prices of its calls depend. */
  Optional<PricedService> serviceOf(Instance.Id service);

  /**
   * Lists prices that have not ended, by model and first day.
   *
   * @param scope a provider or a service; empty for the prices of all providers, ordered by
   *     provider
   */
  List<ListedPrice> list(
      Optional<PriceScope> scope, PriceFilter filter, Optional<PricePosition> after, int limit);

  /** Finds and locks the price that is valid from exactly this day and has not ended. */
  Optional<Price> lock(PriceScope scope, ModelName model, LocalDate validFrom);

  /**
   * Stores a price. If a price that is valid from the same day is already stored, that price ends.
   *
   * @return the stored price with its version; empty if the service already has {@link
   *     #MOST_OF_A_SERVICE} prices
   * @throws io.claviger.application.shared.ConcurrencyConflict when somebody else stores the same
   *     price at the same time, or the service has been deleted
   */
  Optional<Price> save(PriceScope scope, ModelName model, PriceContent content, Instant now);

  /**
   * Ends prices.
   *
   * @param validFrom the first day of the price to end; empty for all prices of the model
   * @return how many prices were ended
   */
  int end(PriceScope scope, ModelName model, Optional<LocalDate> validFrom, Instant now);

  /**
   * Stores the bounds of models, and the prices of a list, each price as {@link #save} does. If a
   * price with the same content is already stored, it does not change. Returns the numbers of
   * changes.
   */
  Imported add(Collection<ImportedModel> models, LocalDate validFrom, Instant now);

  /**
   * Removes services' own prices that ended so long ago that no record of usage refers to these
   * prices any more. Returns how many prices were removed.
   */
  int removeEnded(Instant before);

  /**
   * The parts of a service on which prices depend.
   *
   * @param model the model for which the service is configured
   */
  record PricedService(ModelName model, Endpoint endpoint) {}

  /**
   * The numbers of models for which an import added a first price, changed the price, or changed
   * the bounds.
   */
  record Imported(int added, int changed, int bounds) {}
}
