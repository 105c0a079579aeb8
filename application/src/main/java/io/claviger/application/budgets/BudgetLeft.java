package io.claviger.application.budgets;

import io.claviger.domain.budgets.Budget;

/**
 * The amount that a budget leaves for further calls, as far as this node knows.
 *
 * @param left the amount in the smallest part of the unit; at least 0
 */
public record BudgetLeft(Budget budget, long left) {
  /** The part of a budget that is left: 1 if nothing is used, 0 if the whole budget is used. */
  static double part(Budget budget, long left) {
    return (double) left / budget.amount();
  }

  /**
   * Returns the text that is sent in a header of answers: {@code 4.37;unit=usd;of=5;window=month}.
   */
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
