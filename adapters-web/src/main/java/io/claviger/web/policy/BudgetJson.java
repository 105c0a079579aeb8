package io.claviger.web.policy;

import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.Budgets;
import java.util.List;
import java.util.Optional;

/**
 * A budget as the API shows it.
 *
 * @param amount an exact decimal number in the budget's unit, written as text because many clients
 *     read numbers inexactly
 * @param unpriced whether calls to models without a price are allowed: {@code allow} or {@code
 *     refuse}
 */
public record BudgetJson(
    String amount, String unit, String window, String zone, String bound, String unpriced) {
  public static BudgetJson of(Budget budget) {
    return new BudgetJson(
        budget.unit().text(budget.amount()),
        budget.unit().wireName(),
        budget.window().wireName(),
        budget.zone().name(),
        budget.bound().wireName(),
        budget.unpriced());
  }

  /** Returns the budgets as a list; empty if there are none. */
  public static Optional<List<BudgetJson>> of(Budgets budgets) {
    return of(budgets.all());
  }

  static Optional<List<BudgetJson>> of(List<Budget> budgets) {
    return budgets.isEmpty()
        ? Optional.empty()
        : Optional.of(budgets.stream().map(BudgetJson::of).toList());
  }
}
