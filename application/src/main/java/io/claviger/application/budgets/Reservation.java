package io.claviger.application.budgets;

import io.claviger.domain.budgets.Charge;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * The amounts that a call has reserved in its budgets. The first invocation of {@link
 * #settle(Charge) settle} or {@link #close} ends the reservation. Later invocations have no effect.
 * All methods may be called on any thread and never block.
 */
public interface Reservation extends AutoCloseable {
  /** The reservation of a call without budgets. */
  Reservation NONE = amounts -> {};

  /**
   * Charges each budget, and gives the unused part of the reservation back to the budget. A charge
   * above the reservation counts in full.
   *
   * @param amounts the function that returns the charge to a budget, given what the call has
   *     reserved in it; at least 0, in the smallest part of the budget's unit
   */
  void settle(ToLongFunction<BudgetDemand> amounts);

  /**
   * Returns what remained of one of the budgets after this reservation, according to the ledger's
   * last answer.
   *
   * @return the budget with the smallest remaining fraction among the budgets that the caller may
   *     see; empty if the caller may see none
   */
  default Optional<BudgetLeft> left() {
    return Optional.empty();
  }

  /** Charges each budget the amount of the charge in the budget's unit. */
  default void settle(Charge charge) {
    settle(reserved -> charge.amountIn(reserved.meter().budget().unit()));
  }

  /** Gives the whole reservation back to the budgets, unless the reservation was settled. */
  @Override
  default void close() {
    settle(Charge.NOTHING);
  }
}
