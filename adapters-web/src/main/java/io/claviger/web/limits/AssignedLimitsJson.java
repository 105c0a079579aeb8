package io.claviger.web.limits;

import io.claviger.application.limits.port.AssignedLimitsStore.StoredLimits;
import io.claviger.web.policy.BudgetJson;
import io.claviger.web.policy.LimitsJson;
import java.util.List;
import java.util.Optional;

/**
 * The limits of a user or group as the API shows them.
 *
 * @param version counts their changes from 1
 */
record AssignedLimitsJson(
    Optional<Integer> requestsPerMinute,
    Optional<List<String>> models,
    Optional<List<String>> operations,
    Optional<Integer> maxOutputTokens,
    Optional<List<BudgetJson>> budgets,
    long version) {

  static AssignedLimitsJson of(StoredLimits stored) {
    LimitsJson limits = LimitsJson.of(stored.limits());
    return new AssignedLimitsJson(
        limits.requestsPerMinute(),
        limits.models(),
        limits.operations(),
        limits.maxOutputTokens(),
        limits.budgets(),
        stored.version());
  }
}
