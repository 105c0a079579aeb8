package io.claviger.application.budgets;

import io.claviger.domain.budgets.BudgetMeter;
import java.time.Instant;
import java.util.Optional;

/** Whether a call fits into the budgets to which it is charged. */
public sealed interface ReserveDecision {
  /** The call fits, and the demanded amount is reserved in each budget. */
  record Reserved(Reservation reservation) implements ReserveDecision {}

  /**
   * The call does not fit. Nothing is reserved.
   *
   * @param meter the first budget into which the call does not fit
   * @param wanted the amount that the call wanted to reserve
   * @param left the amount that could have been reserved, according to the last state that this
   *     node knows; less than the wanted amount
   * @param windowEnds when the budget's window ends by the clock of the database; empty for a
   *     window that never ends
   */
  record Exhausted(BudgetMeter meter, long wanted, long left, Optional<Instant> windowEnds)
      implements ReserveDecision {}

  /** This node can't decide without the database. */
  record Unknown() implements ReserveDecision {}
}
