package io.claviger.application.budgets.port;

import io.claviger.domain.budgets.BudgetAccount;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The accounts of budgets, from which nodes lease portions. For each account and window, what was
 * settled and what nodes hold never exceed the budget together, unless the budget was lowered or
 * calls cost more than was reserved for them.
 *
 * <p>A node states what it spent and holds, not what has changed. It may therefore repeat an
 * exchange of which it does not know whether it happened. What a node holds counts as settled once
 * the node was silent for {@link #SILENCE}; the node's next exchange corrects that.
 */
public interface BudgetLedger {
  /** How long a node may be silent until what it holds counts as used. */
  Duration SILENCE = Duration.ofSeconds(60);

  /**
   * Records what a node has spent and holds, and leases more to it if it wants more. All of it
   * happens or nothing does.
   *
   * @param node the id of a run of a node, never used again by another one
   * @param each at most one for each account and window
   * @return an answer for each exchange, in the same order
   * @throws io.claviger.application.shared.StoreUnavailable when the database does not answer; it
   *     is not known then whether the exchange happens, even later
   */
  List<BudgetAccountState> exchange(UUID node, List<LedgerExchange> each);

  /** Counts what silent nodes hold as settled. Returns how many leases were written off. */
  int writeOff();

  /**
   * Removes accounts, windows and leases that nothing depends on any more. Returns how many
   * accounts, leases and raises were removed.
   */
  int removeOld();

  /**
   * What a node knows of one account in one window.
   *
   * @param window the start of the window; empty for the current one
   * @param after the end of the window before, if the node knows it. No earlier window is taken for
   *     the current one, even if the clock of the ledger was set back.
   * @param began the sequence number of the first exchange after the last time that the node held
   *     no part of this account and window
   * @param sequence grows with each exchange of the node; an exchange is ignored when a later one
   *     of the same account and window has happened
   * @param spent what calls were charged since {@code began}
   * @param held the part of the lease that the node has not used yet, for running and coming calls
   * @param dearest the most that one of the node's calls could cost, for those who ask how far a
   *     budget may be exceeded; 0 unless it has grown
   */
  record LedgerExchange(
      BudgetAccount account,
      Optional<Instant> window,
      Optional<Instant> after,
      long began,
      long sequence,
      long spent,
      long held,
      Demand demand,
      long dearest) {}

  /**
   * What a node wants to lease in addition to what it holds.
   *
   * @param budget the amount of the budget without raises
   * @param needed the sum of what waiting calls need
   * @param smallest the smallest amount that a single call waits for; less is of no use and not
   *     granted
   * @param extra what is wanted beyond what is needed. The ledger grants only a small part of what
   *     is left for it, so that other nodes can lease some too.
   */
  record Demand(long budget, long needed, long smallest, long extra) {
    /** Wants nothing. */
    public static Demand none(long budget) {
      return new Demand(budget, 0, 0, 0);
    }
  }

  /**
   * The state of an account after an exchange.
   *
   * @param known whether the ledger knew the node's lease. Otherwise the lease has been charged as
   *     used, and the node has none.
   * @param goodFor how long what was leased may be reserved: until the window or a raise ends; zero
   *     when the window is over
   * @param held the part of the budget that the node has leased now
   * @param left what could still be leased; negative when more is used or held than the budget
   *     allows
   * @param settled what has been spent, or counts as spent
   * @param reserved what all nodes hold
   */
  record BudgetAccountState(
      boolean known,
      Window window,
      Duration goodFor,
      long held,
      long left,
      long settled,
      long reserved) {}

  /**
   * The window of an account.
   *
   * @param start 1970 when it never ends
   * @param end empty when it never ends
   */
  record Window(Instant start, Optional<Instant> end) {}
}
