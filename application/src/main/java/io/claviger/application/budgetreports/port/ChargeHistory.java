package io.claviger.application.budgetreports.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetReplay.Quarter;
import io.claviger.domain.instances.Instance;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the charges of a service's callers in each quarter of an hour of the last weeks. */
@FunctionalInterface
public interface ChargeHistory {
  /**
   * Finds the charges of a service's callers since a time, but leaves out charges from the time
   * before the service had its present owner.
   *
   * @param caller the only caller whose charges are found; empty for the callers with the most
   *     calls
   * @param most the greatest number of callers that are returned
   * @return the quarters of an hour in which each caller was charged, in ascending order
   */
  Map<User.Id, List<Quarter>> of(
      Instance.Id service, Optional<User.Id> caller, Instant since, int most);
}
