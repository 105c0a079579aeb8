package io.claviger.domain.policy;

import java.util.Optional;
import java.util.Set;

/**
 * What all limits of a call allow together. Empty means without limit. Unlike {@link Limits}, it
 * may allow nothing at all: an empty set stands for limits that have nothing in common.
 *
 * @param requestsPerMinute the strictest of the rates
 * @param models the models that all limits allow
 * @param operations the operations that all limits allow. Where one limit says {@code a/{b}} and
 *     another {@code {a}/b}, the path that both allow is not listed.
 */
public record EffectiveLimits(
    Optional<Integer> requestsPerMinute,
    Optional<Set<ModelPattern>> models,
    Optional<Set<Operation>> operations) {
  public static final EffectiveLimits NONE =
      new EffectiveLimits(Optional.empty(), Optional.empty(), Optional.empty());

  public EffectiveLimits {
    models = models.map(Set::copyOf);
    operations = operations.map(Set::copyOf);
  }
}
