package io.claviger.application.prices;

import io.claviger.domain.ModelName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.CallPrices;
import java.time.LocalDate;
import java.util.Optional;

/**
 * The prices of calls, from a cache that the change feed keeps up to date. The prices are those of
 * today (UTC), unless a day is given. Methods that query the database throw {@link
 * io.claviger.application.shared.StoreUnavailable} if it does not answer.
 */
public interface PriceBook {
  /**
   * Finds the prices of a call in the cache. Never blocks. The result is empty if the prices are
   * not cached, so that {@link #find} has to be called.
   */
  Optional<CallPrices> findAtOnce(PricedModel model);

  /** Finds the prices of a call, and queries the database if the prices are not cached. */
  CallPrices find(PricedModel model);

  /**
   * Finds the prices that a call has on a day (UTC), and queries the database if they are not
   * cached.
   */
  CallPrices find(PricedModel model, LocalDate on);

  /** Returns the model for which a service is configured. Queries the database. */
  Optional<ModelName> modelOf(Instance.Id service);
}
