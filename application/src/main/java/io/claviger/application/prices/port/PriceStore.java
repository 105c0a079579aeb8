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
 * since charges refer to it.
 */
public interface PriceStore {
  /** The most own prices that are stored for one service, including those that have ended. */
  int MOST_OF_A_SERVICE = 1_000;

  /** The most versions of a model whose prices are looked at. */
  int MOST_VERSIONS = 16;

  /**
   * Finds the prices of a call, with the bounds of its model.
   *
   * @param names the names under which the model is looked for; the first name that has a price is
   *     used
   * @param on the day (UTC) on which they are valid
   */
  CallPrices find(Instance.Id service, Provider provider, List<String> names, LocalDate on);

  /**
   * Finds the prices of versions of a model: of the models whose names are this one with a date or
   * a number behind it, as {@link io.claviger.domain.prices.PriceNames#isVersion} says. Of more
   * than {@link #MOST_VERSIONS} models of one holder, the last ones by their names.
   *
   * @param on the day (UTC) on which they are valid
   */
  List<Price> versionsOf(Instance.Id service, Provider provider, String model, LocalDate on);

  /** Returns the prices of these versions, even if they have ended. Unknown ones are left out. */
  List<Price> ofVersions(Collection<Long> versions);

  /** Returns what the prices of a service's calls depend on. */
  Optional<PricedService> serviceOf(Instance.Id service);

  /**
   * Lists prices that have not ended, by model and first day.
   *
   * @param scope a provider or a service; empty for the prices of all providers, ordered by
   *     provider
   */
  List<ListedPrice> list(
      Optional<PriceScope> scope, PriceFilter filter, Optional<PricePosition> after, int limit);

  /** Finds the price that has not ended and is valid from exactly this day, and locks it. */
  Optional<Price> lock(PriceScope scope, ModelName model, LocalDate validFrom);

  /**
   * Stores a price. It replaces the price that was valid from the same day, which ends.
   *
   * @return the stored price with its version; empty when a service has {@link #MOST_OF_A_SERVICE}
   *     already
   * @throws io.claviger.application.shared.ConcurrencyConflict when somebody else stores the same
   *     price at the same time, or the service is gone
   */
  Optional<Price> save(PriceScope scope, ModelName model, PriceContent content, Instant now);

  /**
   * Ends prices.
   *
   * @param validFrom their first day; all prices of the model if empty
   * @return how many there were
   */
  int end(PriceScope scope, ModelName model, Optional<LocalDate> validFrom, Instant now);

  /**
   * Stores the prices of a list, as {@link #save} does for one, and the bounds of models. Prices
   * that are already stored with the same content stay as they are. Returns what was changed.
   */
  Imported add(Collection<ImportedModel> models, LocalDate validFrom, Instant now);

  /**
   * Removes services' own prices that ended so long ago that no separate usage refers to them any
   * more. Returns how many there were.
   */
  int removeEnded(Instant before);

  /**
   * The parts of a service on which prices depend.
   *
   * @param model the model that it is configured for
   */
  record PricedService(ModelName model, Endpoint endpoint) {}

  /** How many models an import gave a price for the first time, another price, or other bounds. */
  record Imported(int added, int changed, int bounds) {}
}
