package io.claviger.domain.routing;

/**
 * How a service ranks for a caller when a name does not say which service is meant. The order is
 * that of preference.
 */
public enum RoutingRank {
  /** The caller's default service, or the only one that their token allows. */
  DEFAULT,
  OWN,
  SYSTEM,
  /** A shared service for which the caller accepted bare names. */
  ACCEPTED,
  /**
   * A shared service to which only its reference leads. Users do not have to agree to a share, so
   * otherwise somebody could share a service and receive requests that were meant for another.
   */
  BY_REFERENCE_ONLY
}
