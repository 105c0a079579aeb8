package io.claviger.application.budgets;

import java.time.Instant;
import java.util.Optional;

/** Whether a node has leased enough from an account for a call. */
sealed interface AccountReservation {
  /**
   * The amount is reserved.
   *
   * @param left the amount that further calls can reserve, according to the ledger's last answer
   * @param isLow whether the node should soon lease more from the account
   */
  record Part(
      LeasedBudget account, WindowLease lease, BudgetDemand demand, long left, boolean isLow)
      implements AccountReservation {
    /**
     * The remaining fraction of the budget: 1 if nothing is used, 0 if the whole budget is used.
     */
    double leftOfWhole() {
      return (double) left / demand.meter().budget().amount();
    }
  }

  /** The node has to lease more from the ledger. */
  record Lacking(LeasedBudget account) implements AccountReservation {}

  /**
   * The node tried to lease more, but the ledger has too little left.
   *
   * @param left the largest amount that could have been reserved
   */
  record Refused(long left, Optional<Instant> windowEnds) implements AccountReservation {}

  /**
   * The node has dropped the account since the look-up. The caller has to look up the account
   * again.
   */
  record Gone() implements AccountReservation {}

  AccountReservation GONE = new Gone();
}
