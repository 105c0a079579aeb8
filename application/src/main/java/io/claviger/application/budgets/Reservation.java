package io.claviger.application.budgets;

import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.Charge;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * The amounts that one call has reserved in its budgets. The reservation ends once, by {@link
 * #settle(Charge) settling} or by {@link #close}; later calls have no effect. All methods may be
 * called on any thread and never block.
 */
public interface Reservation extends AutoCloseable {
  /** The reservation of a call that no budget limits. */
  Reservation NONE = amounts -> {};

  /**
   * Charges each budget, and returns the unused part of the reservation. A charge above the
   * reservation is counted in full.
   *
   * @param amounts the charge of each budget, 0 or more, in the smallest part of the budget's unit
   */
  void settle(ToLongFunction<BudgetMeter> amounts);

  /**
   * Returns the amounts that the budgets leave for further calls, according to the last answer of
   * the ledger.
   *
   * @return the budget with the smallest part left, among the budgets that the caller may see;
   *     empty if there is no such budget
   */
  default Optional<BudgetLeft> left() {
    return Optional.empty();
  }

  /** Charges each budget its part of a charge. */
  default void settle(Charge charge) {
    settle(meter -> charge.amountIn(meter.budget().unit()));
  }

  /** Returns everything that was reserved, unless the reservation was settled. */
  @Override
  default void close() {
    settle(Charge.NOTHING);
  }
}
