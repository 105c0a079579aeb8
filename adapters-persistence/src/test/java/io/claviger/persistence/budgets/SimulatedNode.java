package io.claviger.persistence.budgets;

import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.budgets.port.BudgetLedger;
import io.claviger.testkit.SettableNanos;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/** A node of a history, with a clock that is up to a second ahead of or behind the true one. */
final class SimulatedNode {
  private static final long MOST_OFF = Duration.ofSeconds(1).toNanos();

  private final Random random;
  private final Instant started;
  private final long base;
  private final SettableNanos nanos;
  private final BudgetReservations budgets;
  private long off;
  private int pause;

  SimulatedNode(Random random, BudgetLedger ledger, Instant now) {
    this.random = random;
    this.started = now;
    this.base = random.nextLong();
    this.nanos = new SettableNanos(base);
    this.budgets = new BudgetReservations(ledger, nanos);
  }

  BudgetReservations budgets() {
    return budgets;
  }

  /** Sets the clock. It never goes back. */
  void setClock(Instant now) {
    off = Math.clamp(off + random.nextLong(-MOST_OFF / 2, MOST_OFF / 2), -MOST_OFF, MOST_OFF);
    long shown = base + Duration.between(started, now).toNanos() + off;
    if (shown - nanos.getAsLong() > 0) {
      nanos.set(shown);
    }
  }

  /** The node hangs for some steps. Its calls continue, but it sends no report. */
  void pause(int steps) {
    pause = steps;
  }

  boolean isPaused() {
    if (pause > 0) {
      pause--;
      return true;
    }
    return false;
  }
}
