package io.claviger.domain.routing;

import io.claviger.domain.WireNamed;

/**
 * A rule that can map the name of a model to a service. Routing tries the rules in the order of
 * this enum.
 */
public enum RoutingRule implements WireNamed {
  /** The name is in the catalogue. */
  CATALOGUE,
  /** The name begins with the name of a service. */
  REFERENCE,
  DEFAULT_SERVICE,
  OWN_SERVICES,
  SYSTEM_SERVICES,
  ACCEPTED_SHARES,
  /**
   * No service that the caller can use offers the model, so the caller's default service gets the
   * call.
   */
  UNLISTED_NAME
}
