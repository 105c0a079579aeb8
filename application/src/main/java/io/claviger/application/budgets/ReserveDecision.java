package io.claviger.application.budgets;

import io.claviger.domain.budgets.BudgetMeter;
import java.time.Instant;
import java.util.Optional;

/** Whether a call fits into the budgets that it is charged to. */
public sealed interface ReserveDecision {
  /** The call fits. The demanded amounts are reserved in all budgets. */
  record Reserved(Reservation reservation) implements ReserveDecision {}

  /**
   * The call does not fit. Nothing is reserved.
   *
   * @param meter the first budget that the call does not fit into
   * @param wanted the amount that the call wanted to reserve
   * @param left the amount that could have been reserved, according to the last state that this
   *     node knows; less than {@code wanted}
   * @param windowEnds the time at which the budget's window ends, by the database's clock; empty if
   *     the window has no end
   */
  record Exhausted(BudgetMeter meter, long wanted, long left, Optional<Instant> windowEnds)
      implements ReserveDecision {}

  /** This node can't decide without the database. */
  record Unknown() implements ReserveDecision {}
}
