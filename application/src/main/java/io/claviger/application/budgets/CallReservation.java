package io.claviger.application.budgets;

import io.claviger.domain.budgets.BudgetMeter;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/** What a call has reserved, by the accounts of this node. */
final class CallReservation implements Reservation {
  private final List<AccountReservation.Part> parts;
  private final Consumer<LeasedBudget> urgent;
  private final AtomicBoolean ended = new AtomicBoolean();

  /**
   * @param parts owned by the callee from now on
   * @param urgent takes accounts that should be reported to the ledger soon
   */
  CallReservation(List<AccountReservation.Part> parts, Consumer<LeasedBudget> urgent) {
    this.parts = parts;
    this.urgent = urgent;
  }

  @Override
  public void settle(ToLongFunction<BudgetMeter> amounts) {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    for (AccountReservation.Part part : parts) {
      long charge = Math.max(0, amounts.applyAsLong(part.demand().meter()));
      if (part.account().settle(part.lease(), part.demand(), charge)) {
        urgent.accept(part.account());
      }
    }
  }
}
