package io.claviger.domain.prices;

import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;

/** The provider or service to which prices belong. */
public sealed interface PriceScope {
  /** The deployment's prices for a provider. */
  record OfProvider(Provider provider) implements PriceScope {}

  record OfService(Instance.Id service) implements PriceScope {}
}
