package io.claviger.application.budgetreports.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetReplay.Quarter;
import io.claviger.domain.instances.Instance;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What callers of services were charged in each quarter of an hour of the last weeks. */
@FunctionalInterface
public interface ChargeHistory {
  /**
   * Finds what callers of a service were charged since a time, under its present owner.
   *
   * @param caller only this one; empty for those with the most calls
   * @param most the greatest number of callers returned
   * @return the quarters of each caller, in ascending order
   */
  Map<User.Id, List<Quarter>> of(
      Instance.Id service, Optional<User.Id> caller, Instant since, int most);
}
