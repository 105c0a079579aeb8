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
  /** A shared service for which the caller accepted bare names. */
  ACCEPTED,
  /**
   * A shared service that only a name with the service's own reference selects. Users can get
   * shares without having agreed to them. Without this rank, somebody could share a service and
   * thereby receive requests that were meant for another service.
   */
  BY_REFERENCE_ONLY
}
