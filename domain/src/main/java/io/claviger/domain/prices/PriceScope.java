package io.claviger.domain.prices;

import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;

/** Whose prices they are. */
public sealed interface PriceScope {
  /** Those that the deployment has for a provider. */
  record OfProvider(Provider provider) implements PriceScope {}

  /** A service's own. */
  record OfService(Instance.Id service) implements PriceScope {}
}
