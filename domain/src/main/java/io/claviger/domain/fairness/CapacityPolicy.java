package io.claviger.domain.fairness;

import java.util.Optional;

/**
 * An owner's settings for a service: the provider's limits, and what happens to calls that have to
 * wait.
 *
 * @param stated the provider's limits as the owner states them. For a service in a group, these are
 *     the lowest limits that the owner states for any service of the group
 * @param group the group of the owner's services that share these limits with this service; empty
 *     if the service shares the limits with no other service
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
