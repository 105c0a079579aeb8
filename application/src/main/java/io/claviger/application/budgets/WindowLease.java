package io.claviger.application.budgets;

import io.claviger.application.budgets.port.BudgetLedger.BudgetAccountState;
import io.claviger.application.budgets.port.BudgetLedger.Demand;
import io.claviger.application.budgets.port.BudgetLedger.LedgerExchange;
import io.claviger.application.budgets.port.BudgetLedger.Window;
import io.claviger.domain.Amounts;
import io.claviger.domain.budgets.BudgetAccount;
import java.time.Instant;
import java.util.Optional;

/**
 * This node's lease from one window of an account: the amount that calls have reserved, and the
 * amount that is free for future calls. This class only keeps the sums. {@link LeasedBudget} makes
 * the decisions and guards the sums with its lock.
 */
final class WindowLease {
  private final long began;
  private final Optional<Instant> after;
  private Optional<Window> window = Optional.empty();
  private long spent;
  private long reserved;
  private long free;
  private long statedSpent;
  private long statedHeld;
  private long dearest;
  private long statedDearest;
  private boolean uncertain;
  private boolean lost;

  /**
   * @param began a sequence number that is lower than the sequence number of the lease's first
   *     exchange
   * @param after the end of the previous window; empty if there was no previous window
   */
  WindowLease(long began, Optional<Instant> after) {
    this.began = began;
    this.after = after;
  }

  Optional<Window> window() {
    return window;
  }

  /** The end of the previous window; empty if it is unknown. */
  Optional<Instant> after() {
    return after;
  }

  long free() {
    return free;
  }

  long reserved() {
    return reserved;
  }

  void reserve(long amount) {
    free -= amount;
    reserved += amount;
  }

  /** Records the highest possible cost of a call. */
  void noteMost(long most) {
    dearest = Math.max(dearest, most);
  }

  /**
   * Ends a reservation. If another database server took over without a part of the lease, the
   * ledger has granted less than the calls have reserved. The calls might then spend more than the
   * lease. The lease can become empty in this way, but never negative.
   *
   * @param charge the cost of the call; if the cost exceeds the reservation, the excess is taken
   *     from the free amount
   */
  void settle(long amount, long charge) {
    reserved -= amount;
    spent = Amounts.sum(spent, charge);
    long rest = charge <= amount ? free + amount - charge : Math.max(0, free - (charge - amount));
    free = Math.max(rest, -reserved);
  }

  /**
   * Returns this node's statement to the ledger about the lease. Keeps at most the given amount for
   * further calls.
   */
  LedgerExchange state(BudgetAccount account, long sequence, long keep, Demand demand) {
    free = Math.min(free, keep);
    uncertain = true;
    return new LedgerExchange(
        account,
        window.map(Window::start),
        after,
        began,
        sequence,
        spent,
        reserved + free,
        demand,
        dearest > statedDearest ? dearest : 0);
  }

  /** Applies the ledger's answer to this node's statement. */
  void apply(LedgerExchange stated, BudgetAccountState answer) {
    uncertain = false;
    lost = !answer.known();
    window = Optional.of(answer.window());
    free = lost ? 0 : free + answer.held() - stated.held();
    statedSpent = stated.spent();
    statedHeld = answer.held();
    statedDearest = Math.max(statedDearest, stated.dearest());
  }

  /**
   * Makes the next exchange correct the ledger, because the ledger might have written off this
   * lease. An exchange that got no answer stays uncertain, even if it was the first of this lease:
   * the ledger might have granted the requested amount.
   */
  void doubt() {
    uncertain |= window.isPresent() && !lost;
  }

  /**
   * Whether the last exchange got no answer, so that it is unknown whether the database has applied
   * it.
   */
  boolean isUncertain() {
    return uncertain;
  }

  /** Whether some spent or returned amounts have not been reported to the ledger yet. */
  boolean hasNews() {
    return !lost && (uncertain || spent != statedSpent || reserved + free != statedHeld);
  }

  /**
   * Whether a lease of a window that is over has something to report. Such a lease also has to
   * return what is free, even if the ledger knows this amount, because no further call can use it.
   * Of a lease that the ledger has dropped, nothing is reported.
   */
  boolean hasLastNews() {
    return hasNews() || (!lost && free > 0);
  }

  /** Whether neither calls nor the ledger need this lease any longer. */
  boolean isOver() {
    return reserved == 0 && (lost || (statedHeld == 0 && !hasNews()));
  }

  /** Whether the ledger counts an amount as leased by this node, for running or future calls. */
  boolean holds() {
    return reserved + free > 0;
  }
}
