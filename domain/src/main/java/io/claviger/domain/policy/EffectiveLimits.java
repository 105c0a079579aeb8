package io.claviger.domain.policy;

import io.claviger.domain.budgets.Budget;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The limits that result if all limits of a call are combined. If a component is empty, there is no
 * limit of its kind. Unlike {@link Limits}, these limits can allow nothing: a set is present, but
 * has no elements, if the combined limits have no value in common.
 *
 * @param requestsPerMinute the strictest rate
 * @param models the models that all limits allow
 * @param operations the operations that all limits allow. If one limit has {@code a/{b}} and
 *     another has {@code {a}/b}, both allow {@code a/b}, but {@code a/b} is not listed.
 * @param maxOutputTokens the smallest output maximum of the limits
 * @param budgets the budgets that the caller may see; of those with the same unit, window and zone,
 *     only the smallest
 * @param storage the storage that all limits allow, within the storage that the service lends
 * @param pace the strictest limit of each kind
 */
public record EffectiveLimits(
    Optional<Integer> requestsPerMinute,
    Optional<Set<ModelPattern>> models,
    Optional<Set<Operation>> operations,
    Optional<Integer> maxOutputTokens,
    List<Budget> budgets,
    StorageLimits storage,
    PaceTerms pace) {
  public static final EffectiveLimits NONE =
      new EffectiveLimits(Optional.empty(), Optional.empty(), Optional.empty());

  public EffectiveLimits {
    models = models.map(Set::copyOf);
    operations = operations.map(Set::copyOf);
    budgets = List.copyOf(budgets);
  }

  /** Limits without an output maximum and without budgets. */
  public EffectiveLimits(
      Optional<Integer> requestsPerMinute,
      Optional<Set<ModelPattern>> models,
      Optional<Set<Operation>> operations) {
    this(
        requestsPerMinute,
        models,
        operations,
        Optional.empty(),
        List.of(),
        StorageLimits.NONE,
        PaceTerms.NONE);
  }
}
