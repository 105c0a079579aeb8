package io.claviger.application.budgets;

import io.claviger.domain.budgets.BudgetMeter;

/**
 * The remaining amount of a budget after a reservation, according to what this node knows.
 *
 * @param left the remaining amount in the smallest part of the budget's unit; at least 0
 */
public record BudgetLeft(BudgetMeter meter, long left) {
  /** Returns the value of the response header, such as {@code 4.37;unit=usd;of=5;window=month}. */
  public String text() {
    return meter.budget().unit().text(left).concat(meter.terms());
  }
}
