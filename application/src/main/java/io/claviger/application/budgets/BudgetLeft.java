package io.claviger.application.budgets;

import io.claviger.domain.budgets.Budget;

/**
 * The remaining amount of a budget, according to what this node knows.
 *
 * @param left the remaining amount in the smallest part of the budget's unit; at least 0
 */
public record BudgetLeft(Budget budget, long left) {
  /** The remaining fraction of a budget: 1 if nothing is used, 0 if the whole budget is used. */
  static double part(Budget budget, long left) {
    return (double) left / budget.amount();
  }

  /** Returns the value of the response header, such as {@code 4.37;unit=usd;of=5;window=month}. */
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
