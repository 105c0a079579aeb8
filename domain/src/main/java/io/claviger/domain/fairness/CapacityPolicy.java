package io.claviger.domain.fairness;

import java.util.Optional;

/**
 * The owner's settings for a service about the provider's limits and about calls that have to wait.
 *
 * @param stated the provider's limits as the owner states them; for a service in a group, the
 *     lowest that any service of the group states
 * @param group the group of the owner's services that share these limits with this service; empty
 *     if it shares them with none
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
