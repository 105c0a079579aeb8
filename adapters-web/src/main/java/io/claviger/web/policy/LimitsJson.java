package io.claviger.web.policy;

import io.claviger.domain.budgets.Budget;
import io.claviger.domain.policy.EffectiveLimits;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Limits as the API shows them, with models and operations in alphabetical order. */
public record LimitsJson(
    Optional<Integer> requestsPerMinute,
    Optional<List<String>> models,
    Optional<List<String>> operations,
    Optional<Integer> maxOutputTokens,
    Optional<List<BudgetJson>> budgets) {

  public static LimitsJson of(Limits limits) {
    return of(
        limits.requestsPerMinute(),
        limits.models(),
        limits.operations(),
        limits.maxOutputTokens(),
        limits.budgets().all());
  }

  /** What several limits allow together. An empty list allows nothing. */
  public static LimitsJson of(EffectiveLimits limits) {
    return of(
        limits.requestsPerMinute(),
        limits.models(),
        limits.operations(),
        limits.maxOutputTokens(),
        limits.budgets());
  }

  private static LimitsJson of(
      Optional<Integer> requestsPerMinute,
      Optional<Set<ModelPattern>> models,
      Optional<Set<Operation>> operations,
      Optional<Integer> maxOutputTokens,
      List<Budget> budgets) {
    return new LimitsJson(
        requestsPerMinute,
        models.map(m -> m.stream().map(ModelPattern::value).sorted().toList()),
        operations.map(o -> o.stream().map(Operation::value).sorted().toList()),
        maxOutputTokens,
        BudgetJson.of(budgets));
  }
}
