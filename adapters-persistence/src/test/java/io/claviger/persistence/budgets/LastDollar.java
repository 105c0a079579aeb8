package io.claviger.persistence.budgets;

import io.claviger.application.budgets.BudgetDemand;
import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.budgets.Reservation;
import io.claviger.application.budgets.ReserveDecision;
import io.claviger.application.builders.ABudget;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.Charge;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** A strict budget of one dollar, which a node spends by calls of up to three cents. */
final class LastDollar {
  static final long DOLLAR = 1_000_000_000L;

  private static final long DEAREST = 30_000_000L;
  private static final int UNDER_WAY = 3;
  private static final long REFUSED_NANOS = 3_000_000;

  private final String subject;
  private final BudgetReservations node;
  private final Random random;

  LastDollar(String subject, BudgetReservations node, long seed) {
    this.subject = subject;
    this.node = node;
    this.random = new Random(seed);
  }

  private record Call(Reservation held, long amount) {}

  /**
   * Makes calls until one does not fit. Three calls are always running.
   *
   * @param printed takes what happens before it does: {@code subject +reserved} when a call goes
   *     out, {@code subject -less} when it cost less than was reserved
   */
  void spend(Consumer<String> printed) {
    Deque<Call> underWay = new ArrayDeque<>();
    while (true) {
      long amount = random.nextLong(1, DEAREST);
      if (!(node.reserve(List.of(new BudgetDemand(meter(), amount, Optional.empty())))
          instanceof ReserveDecision.Reserved reserved)) {
        break;
      }
      printed.accept(subject + " " + amount);
      underWay.add(new Call(reserved.reservation(), amount));
      if (underWay.size() > UNDER_WAY) {
        end(underWay.remove(), printed);
      }
      node.report();
    }
    underWay.forEach(call -> end(call, printed));
    node.report();
  }

  /** Makes calls without end, even while none fits. */
  void spendForEver(Consumer<String> printed) {
    while (true) {
      spend(printed);
      printed.accept(subject + " 0");
      LockSupport.parkNanos(REFUSED_NANOS);
    }
  }

  private void end(Call call, Consumer<String> printed) {
    long cost = random.nextLong(call.amount());
    printed.accept(subject + " " + (cost - call.amount()));
    call.held().settle(new Charge(1, 0, OptionalLong.of(cost)));
  }

  BudgetMeter meter() {
    return new BudgetMeter(
        subject, ABudget.nanoDollars(DOLLAR).per(BudgetWindow.TOTAL).strict().build(), true);
  }
}
