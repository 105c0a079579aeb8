package io.claviger.web.budgets;

import io.claviger.application.budgetreports.BudgetTrials.CallerTrial;
import io.claviger.application.budgetreports.BudgetTrials.Trial;
import io.claviger.domain.accounts.Handle;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a budget would have refused, as the API shows it. */
record TrialJson(long calls, long refused, List<CallerJson> callers) {
  record CallerJson(
      Optional<String> user, long calls, long refused, Optional<Instant> firstRefusedAt) {
    static CallerJson of(CallerTrial caller) {
      return new CallerJson(
          caller.user().map(Handle::value),
          caller.replay().calls(),
          caller.replay().refused(),
          caller.replay().firstRefusedAt());
    }
  }

  static TrialJson of(Trial trial) {
    return new TrialJson(
        trial.calls(), trial.refused(), trial.callers().stream().map(CallerJson::of).toList());
  }
}
