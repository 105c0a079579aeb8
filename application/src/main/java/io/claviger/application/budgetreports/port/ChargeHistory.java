package io.claviger.application.budgetreports.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetReplay.Quarter;
import io.claviger.domain.instances.Instance;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the charges of a service's callers per quarter of an hour in the last few weeks. */
@FunctionalInterface
public interface ChargeHistory {
  /**
   * Finds the charges of a service's callers since a given time. Charges from the time before the
   * current owner are left out.
   *
   * @param caller the caller whose charges are found; if empty, the charges of the callers with the
   *     most calls
   * @param most the maximum number of returned callers
   * @return each caller's quarters of an hour with charges, in ascending order
   * @throws io.claviger.application.shared.QueryTimeout if the query takes longer than 10 seconds
   */
  Map<User.Id, List<Quarter>> of(
      Instance.Id service, Optional<User.Id> caller, Instant since, int most);
}
