package io.claviger.domain.routing;

/**
 * A service's rank for a caller. The rank is used for names that do not say which service is meant.
 * The constants are in the order of preference.
 */
public enum RoutingRank {
  /** The caller's default service, or the only service that the caller's token allows. */
  DEFAULT,
  OWN,
  SYSTEM,
  /**
   * A shared service that the caller has chosen for model names that contain no {@code
   * owner/handle}.
   */
  ACCEPTED,
  /**
   * A shared service that can be selected only by its own reference. Users can get shares without
   * their consent. Without this rank, somebody could share a service and so receive requests that
   * were meant for another service.
   */
  BY_REFERENCE_ONLY
}
