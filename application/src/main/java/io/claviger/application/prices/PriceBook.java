package io.claviger.application.prices;

import io.claviger.domain.ModelName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.CallPrices;
import java.util.Optional;

/**
 * The prices of calls today (UTC), from a cache that the change feed keeps up to date. Methods that
 * ask the database throw {@link io.claviger.application.shared.StoreUnavailable} when it does not
 * answer.
 */
public interface PriceBook {
  /** Finds the prices of a call. Never blocks. Empty if {@link #find} has to be asked. */
  Optional<CallPrices> findAtOnce(PricedModel model);

  /** Finds the prices of a call, and asks the database if necessary. */
  CallPrices find(PricedModel model);

  /** Returns the model that a service is configured for. Asks the database. */
  Optional<ModelName> modelOf(Instance.Id service);
}
