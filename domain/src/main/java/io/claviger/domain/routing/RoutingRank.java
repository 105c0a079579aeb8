package io.claviger.domain.routing;

/**
 * How a service ranks for a caller when a name does not say which service is meant. The order is
 * that of preference.
 */
public enum RoutingRank {
  /** It is the caller's default service, or the only one that their token allows. */
  DEFAULT,
  OWN,
  SYSTEM,
  /** It is shared, and the caller accepted that bare names lead there. */
  ACCEPTED,
  /**
   * It is shared, and only its reference leads there. Users do not have to agree to a share, so
   * otherwise somebody could share a service and receive requests that were meant for another.
   */
  BY_REFERENCE_ONLY
}
