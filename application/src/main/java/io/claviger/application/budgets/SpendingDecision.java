package io.claviger.application.budgets;

/** Whether a call fits into the budgets that it is charged to. */
public sealed interface SpendingDecision {
  /**
   * The call fits into all its budgets.
   *
   * @param spending the reservation, which the receiver must settle or close
   */
  record Granted(CallSpending spending) implements SpendingDecision {}

  /** The call is refused. Nothing is reserved. */
  record Refused(SpendingRefusal why) implements SpendingDecision {}

  /** This node can't decide without the database. */
  record Unknown() implements SpendingDecision {}
}
