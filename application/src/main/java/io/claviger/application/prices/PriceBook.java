package io.claviger.application.prices;

import io.claviger.domain.ModelName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.CallPrices;
import java.time.LocalDate;
import java.util.Optional;

/**
 * Finds the prices of calls in a cache that the change feed keeps up to date. If no day is given,
 * the prices of today (UTC) are returned. Methods that query the database throw {@link
 * io.claviger.application.shared.StoreUnavailable} if the database does not answer.
 */
public interface PriceBook {
  /**
   * Finds the prices of a call in the cache. Never blocks. If the prices are not cached, the result
   * is empty, and the caller has to call {@link #find}.
   */
  Optional<CallPrices> findAtOnce(PricedModel model);

  /** Finds the prices of a call today (UTC). Queries the database if the prices are not cached. */
  CallPrices find(PricedModel model);

  /**
   * Finds the prices of a call on a given day (UTC). Queries the database if the prices are not
   * cached.
   */
  CallPrices find(PricedModel model, LocalDate on);

  /** Returns the configured model of a service. Queries the database. */
  Optional<ModelName> modelOf(Instance.Id service);
}
