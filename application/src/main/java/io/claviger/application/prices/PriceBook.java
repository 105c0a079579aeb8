package io.claviger.application.prices;

import io.claviger.domain.ModelName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.CallPrices;
import java.util.Optional;

/**
 * The prices of calls on the present day (UTC), from a cache that the change feed keeps up to date.
 */
public interface PriceBook {
  /** Finds the prices of a call. Never blocks. Empty if {@link #find} has to be asked. */
  Optional<CallPrices> findAtOnce(PricedModel model);

  /**
   * Finds the prices of a call, and asks the database if necessary.
   *
   * @throws io.claviger.application.shared.StoreUnavailable when the database does not answer
   */
  CallPrices find(PricedModel model);

  /**
   * Returns the model that a service is configured for. Asks the database.
   *
   * @throws io.claviger.application.shared.StoreUnavailable when the database does not answer
   */
  Optional<ModelName> modelOf(Instance.Id service);
}
