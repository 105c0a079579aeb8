package io.claviger.persistence.budgets;

import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A budget of a history, with what its calls truly spent and hold. */
final class SimulatedBudget {
  /** How far a node's clock may be off when a window turns or a raise ends. */
  private static final Duration UNSURE = Duration.ofSeconds(3);

  private final String subject;
  private final BudgetWindow window;
  private final BudgetZone zone;
  private final List<Raise> raises = new ArrayList<>();
  private final Map<Instant, Long> used = new HashMap<>();
  private long amount;
  private long largest;
  private long usedInAll;

  SimulatedBudget(String subject, long amount, BudgetWindow window, BudgetZone zone) {
    this.subject = subject;
    this.amount = amount;
    this.largest = amount;
    this.window = window;
    this.zone = zone;
  }

  /** An amount that is added for a time. */
  record Raise(BudgetAccount account, long amount, Instant made, Instant until) {}

  BudgetMeter meter() {
    return new BudgetMeter(
        subject,
        new Budget(amount, BudgetUnit.TOKENS, window, zone, BudgetBound.STRICT, false),
        true);
  }

  BudgetAccount account() {
    return BudgetAccount.of(meter());
  }

  void edit(long newAmount, Instant now) {
    amount = newAmount;
    largest = Math.max(largest, total(now));
  }

  Raise raise(long added, Instant now, Duration time) {
    Raise raise = new Raise(account(), added, now, now.plus(time));
    raises.add(raise);
    largest = Math.max(largest, total(now));
    return raise;
  }

  /** The budget with its raises. */
  long total(Instant now) {
    return amount
        + raises.stream().filter(r -> r.until().isAfter(now)).mapToLong(Raise::amount).sum();
  }

  /**
   * The largest total so far. An exchange may have been sent before an edit and arrive after it, so
   * that the ledger may go by it once more, though no call is admitted by it.
   */
  long largest() {
    return largest;
  }

  /** The start of the window at an instant. */
  Instant windowAt(Instant at) {
    ZoneId id = zone.zoneId();
    return window == BudgetWindow.TOTAL
        ? Instant.EPOCH
        : LocalDate.ofInstant(at, id).atStartOfDay(id).toInstant();
  }

  private boolean isUnsure(Instant now) {
    return !windowAt(now).equals(windowAt(now.minus(UNSURE)))
        || !windowAt(now).equals(windowAt(now.plus(UNSURE)))
        || raises.stream().anyMatch(r -> isNear(r.until(), now));
  }

  private static boolean isNear(Instant one, Instant other) {
    return Duration.between(one, other).abs().compareTo(UNSURE) < 0;
  }

  /**
   * Notes that a call was admitted.
   *
   * @throws AssertionError when it does not fit into what truly is left
   */
  void admitted(long reserved, Instant now) {
    usedInAll += reserved;
    if (isUnsure(now)) {
      return;
    }
    long all = used.merge(windowAt(now), reserved, Long::sum);
    if (reserved > 0 && all > total(now)) {
      throw new AssertionError(
          "a call was admitted to %s with which %s of %s is used"
              .formatted(account(), all, total(now)));
    }
  }

  /** Notes that a call cost less than was reserved for it. */
  void cost(long less, Instant admitted) {
    usedInAll -= less;
    used.computeIfPresent(windowAt(admitted), (start, all) -> all - less);
  }

  /** What calls truly spent, and what those under way may spend. */
  long usedInAll() {
    return usedInAll;
  }
}
