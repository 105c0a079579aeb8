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
import java.time.Duration;
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
   * The maximum number of a service's own prices that can be stored, including prices that have
   * ended.
   */
  int MOST_OF_A_SERVICE = 1_000;

  /** The maximum number of a model's versions whose prices are considered. */
  int MOST_VERSIONS = 16;

  /**
   * Finds the prices of a call, and the bounds of the called model.
   *
   * @param names possible names of the model, in the order in which they are looked up; the first
   *     name with a price decides
   * @param on the day (UTC) on which the call was made
   */
  CallPrices find(Instance.Id service, Provider provider, List<String> names, LocalDate on);

  /**
   * Finds the prices of a model's versions. A version's name is the name of the model, followed by
   * a date or number ({@link io.claviger.domain.prices.PriceNames#isVersion}). If the service or
   * the deployment has prices for more than {@link #MOST_VERSIONS} versions, only the last versions
   * in the order of their names are considered.
   *
   * @param on the day (UTC) on which the call was made
   */
  List<Price> versionsOf(Instance.Id service, Provider provider, String model, LocalDate on);

  /**
   * Returns the prices that have the given version numbers, including prices that have ended.
   * Unknown version numbers are ignored.
   */
  List<Price> ofVersions(Collection<Long> versions);

  /** Returns the fields of a service that determine the prices of its calls. */
  Optional<PricedService> serviceOf(Instance.Id service);

  /**
   * Lists prices that have not ended, ordered by model and first day.
   *
   * @param scope the provider or service whose prices are listed; if empty, the prices of all
   *     providers are listed, ordered by provider
   */
  List<ListedPrice> list(
      Optional<PriceScope> scope, PriceFilter filter, Optional<PricePosition> after, int limit);

  /** Finds and locks the price that has exactly the given first day and has not ended. */
  Optional<Price> lock(PriceScope scope, ModelName model, LocalDate validFrom);

  /**
   * Stores a price. If a price with the same first day is already stored, the earlier price ends.
   *
   * @return the stored price with its version; empty if the service already has {@link
   *     #MOST_OF_A_SERVICE} prices
   * @throws io.claviger.application.shared.ConcurrencyConflict if somebody else stores the same
   *     price at the same time, or if the service was deleted
   */
  Optional<Price> save(PriceScope scope, ModelName model, PriceContent content, Instant now);

  /**
   * Ends prices.
   *
   * @param validFrom the first day of the price to end; if empty, all prices of the model end
   * @return the number of ended prices
   */
  int end(PriceScope scope, ModelName model, Optional<LocalDate> validFrom, Instant now);

  /**
   * Stores the prices and the models' bounds from a price list. Each price is stored as with {@link
   * #save}, unless a price with the same content is already stored. Returns how many models have
   * changed.
   */
  Imported add(Collection<ImportedModel> models, LocalDate validFrom, Instant now);

  /**
   * Removes services' own prices that ended so long ago that no usage record refers to them any
   * more. Returns the number of removed prices.
   *
   * @param ago the minimum time since the end of a removed price, by the database's clock
   */
  int removeEnded(Duration ago);

  /**
   * The fields of a service that determine its prices.
   *
   * @param model the configured model of the service
   */
  record PricedService(ModelName model, Endpoint endpoint) {}

  /**
   * The numbers of models that got their first price, a changed price, or changed bounds through an
   * import.
   */
  record Imported(int added, int changed, int bounds) {}
}
