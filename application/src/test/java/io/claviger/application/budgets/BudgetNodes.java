package io.claviger.application.budgets;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.UnreliableBudgetLedger;
import io.claviger.application.budgets.port.BudgetLedger.BudgetAccountState;
import io.claviger.application.builders.ABudget;
import io.claviger.application.fakes.InMemoryBudgetLedger;
import io.claviger.application.fakes.Seeds;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.Charge;
import io.claviger.testkit.SettableClock;
import io.claviger.testkit.SettableNanos;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Two nodes that lease of the same ledger, and what a test asks of them. */
final class BudgetNodes {
  final SettableClock clock = new SettableClock(Seeds.SEEDED_AT);
  final SettableNanos nanos = new SettableNanos(Long.MAX_VALUE - 7);
  final InMemoryBudgetLedger store = new InMemoryBudgetLedger(clock);
  final UnreliableBudgetLedger ledger = new UnreliableBudgetLedger(store);
  final BudgetReservations node = new BudgetReservations(ledger, nanos);
  final BudgetReservations other = new BudgetReservations(store, nanos);

  void pass(Duration time) {
    clock.advance(time);
    nanos.advance(time);
  }

  /** Lets time pass in which both nodes report as they do in operation. */
  void live(Duration time) {
    for (Duration at = Duration.ZERO; at.compareTo(time) < 0; at = at.plusMillis(500)) {
      pass(Duration.ofMillis(500));
      node.report();
      other.report();
      int unused = store.writeOff();
    }
  }

  static BudgetMeter total(String subject, long tokens) {
    return meter(subject, tokens, BudgetWindow.TOTAL);
  }

  static BudgetMeter daily(String subject, long tokens) {
    return meter(subject, tokens, BudgetWindow.DAY);
  }

  static BudgetMeter monthly(String subject, long tokens) {
    return meter(subject, tokens, BudgetWindow.MONTH);
  }

  private static BudgetMeter meter(String subject, long tokens, BudgetWindow window) {
    return new BudgetMeter(subject, ABudget.tokens(tokens).per(window).strict().build(), true);
  }

  static List<BudgetDemand> of(BudgetMeter meter, long amount) {
    return List.of(new BudgetDemand(meter, amount, Optional.empty()));
  }

  static List<BudgetDemand> by(User.Id caller, BudgetMeter meter, long amount) {
    return List.of(new BudgetDemand(meter, amount, Optional.of(caller)));
  }

  static Charge tokens(long tokens) {
    return new Charge(1, tokens, OptionalLong.empty());
  }

  static Reservation reserved(ReserveDecision decision) {
    assertThat(decision).isInstanceOf(ReserveDecision.Reserved.class);
    return ((ReserveDecision.Reserved) decision).reservation();
  }

  static ReserveDecision.Exhausted exhausted(ReserveDecision decision) {
    assertThat(decision).isInstanceOf(ReserveDecision.Exhausted.class);
    return (ReserveDecision.Exhausted) decision;
  }

  /** What the ledger says of the current window to somebody who wants nothing. */
  BudgetAccountState account(BudgetMeter meter) {
    return account(meter, Optional.empty());
  }

  BudgetAccountState account(BudgetMeter meter, Optional<Instant> window) {
    return store.look(meter, window);
  }

  /** Makes calls that each cost as much as they reserve until one does not fit. */
  static int spendAll(BudgetReservations node, BudgetMeter meter, long each) {
    List<Reservation> made = new ArrayList<>();
    while (node.reserve(of(meter, each)) instanceof ReserveDecision.Reserved reserved) {
      reserved.reservation().settle(tokens(each));
      made.add(reserved.reservation());
    }
    return made.size();
  }
}
