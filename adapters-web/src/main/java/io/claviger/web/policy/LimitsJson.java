package io.claviger.web.policy;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.objects.StorageKinds;
import io.claviger.domain.policy.EffectiveLimits;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.policy.StorageLimits;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Limits as the API shows them, with models and operations in alphabetical order. Limits of storage
 * are shown only where they are set.
 */
public record LimitsJson(
    Optional<Integer> requestsPerMinute,
    Optional<List<String>> models,
    Optional<List<String>> operations,
    Optional<Integer> maxOutputTokens,
    Optional<List<BudgetJson>> budgets,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<List<String>> storage,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Integer> maxObjects,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Long> maxBytes,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> objects) {

  public static LimitsJson of(Limits limits) {
    return of(
        limits.requestsPerMinute(),
        limits.models(),
        limits.operations(),
        limits.maxOutputTokens(),
        limits.budgets().all(),
        limits.storage());
  }

  /** What several limits allow together. An empty list allows nothing. */
  public static LimitsJson of(EffectiveLimits limits) {
    return of(
        limits.requestsPerMinute(),
        limits.models(),
        limits.operations(),
        limits.maxOutputTokens(),
        limits.budgets(),
        limits.storage());
  }

  private static LimitsJson of(
      Optional<Integer> requestsPerMinute,
      Optional<Set<ModelPattern>> models,
      Optional<Set<Operation>> operations,
      Optional<Integer> maxOutputTokens,
      List<Budget> budgets,
      StorageLimits storage) {
    return new LimitsJson(
        requestsPerMinute,
        models.map(m -> m.stream().map(ModelPattern::value).sorted().toList()),
        operations.map(o -> o.stream().map(Operation::value).sorted().toList()),
        maxOutputTokens,
        BudgetJson.of(budgets),
        storage.kinds().map(StorageKinds::names),
        storage.maxObjects(),
        storage.maxBytes(),
        storage.objects());
  }
}
