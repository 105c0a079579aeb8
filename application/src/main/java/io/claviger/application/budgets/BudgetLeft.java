package io.claviger.application.budgets;

import io.claviger.domain.budgets.Budget;

/**
 * What a budget leaves for further calls, as this node knows it.
 *
 * @param left the amount in the smallest part of the unit; at least 0
 */
public record BudgetLeft(Budget budget, long left) {
  /** Whether less of this budget is left than of the other one, as a part of the whole. */
  boolean isLessThan(BudgetLeft other) {
    return (double) left / budget.amount() < (double) other.left / other.budget.amount();
  }

  /** The text in the headers of answers: {@code 4.37;unit=usd;of=5;window=month}. */
  public String text() {
    return budget.unit().text(left)
        + ";unit="
        + budget.unit().wireName()
        + ";of="
        + budget.unit().text(budget.amount())
        + ";window="
        + budget.window().wireName();
  }
}
