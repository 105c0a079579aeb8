package io.claviger.domain.fairness;

import java.util.Optional;

/**
 * What the owner of a service says of what its provider allows, and of calls that have to wait.
 *
 * @param stated what the provider allows; for a service in a group, the lowest that any service of
 *     the group states
 * @param group the services of the same owner with which the service shares it
 */
public record CapacityPolicy(
    ProviderLimits stated,
    Optional<CapacityGroup> group,
    MaxWait maxWait,
    OnTooManyRequests onTooManyRequests) {
  /** The policy of a new service. */
  public static final CapacityPolicy USUAL =
      new CapacityPolicy(
          ProviderLimits.NONE, Optional.empty(), MaxWait.USUAL, OnTooManyRequests.WAIT);
}
