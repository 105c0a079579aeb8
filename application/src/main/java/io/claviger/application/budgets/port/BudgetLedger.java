package io.claviger.application.budgets.port;

import io.claviger.domain.budgets.BudgetAccount;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The accounts of budgets, from which nodes lease portions. For each account and window, the sum of
 * the settled amount and of all leases never exceeds the budget, except if the budget was lowered,
 * or if calls cost more than was reserved for them.
 *
 * <p>A node states the totals that it has spent and leased, and not how these totals have changed.
 * A node may therefore repeat an exchange if the node does not know whether the exchange was
 * applied. If a node is silent for {@link #SILENCE}, its lease is treated as settled; the node's
 * next exchange corrects the account.
 */
public interface BudgetLedger {
  /** The time for which a node may be silent; after that, its lease is treated as used. */
  Duration SILENCE = Duration.ofSeconds(60);

  /**
   * Records the spending and the lease of a node, and leases more to the node if it requests more.
   * Either all exchanges are applied, or no exchange is applied.
   *
   * @param node the id of one run of a node, which no later run uses again
   * @param each the exchanges, at most one for each account and window
   * @return an answer for each exchange, in the same order
   * @throws io.claviger.application.shared.StoreUnavailable when the database does not answer; in
   *     this case it is unknown whether the exchanges were applied or will be applied later
   */
  List<BudgetAccountState> exchange(UUID node, List<LedgerExchange> each);

  /** Counts the leases of silent nodes as settled. Returns how many leases were written off. */
  int writeOff();

  /**
   * Removes accounts, windows and leases that are no longer needed. Returns how many accounts,
   * leases and raises were removed.
   */
  int removeOld();

  /**
   * What a node states about one account in one window.
   *
   * @param window the start of the window; empty for the current window
   * @param after the end of the previous window, if the node knows that time. The ledger does not
   *     treat an earlier window as the current window, even if its clock was set back.
   * @param began the sequence number of the first exchange since the node began to hold its present
   *     part of this account and window
   * @param sequence grows with each exchange of the node; an exchange is ignored when a later
   *     exchange of the same account and window has already been applied
   * @param spent the sum that calls were charged since {@code began}
   * @param held the part of the lease that the node has not used yet, for running and future calls
   * @param dearest the greatest possible cost of one of the node's calls, which shows people by how
   *     much a budget may be exceeded; 0 if this cost has not grown since the last exchange
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
   * The amounts that a node requests in addition to its lease.
   *
   * @param budget the amount of the budget without raises
   * @param needed the sum of the amounts that waiting calls need
   * @param smallest the smallest amount that a waiting call needs; a smaller amount would be of no
   *     use and is not granted
   * @param extra the amount that the node wants in addition to the needed amount. For this extra
   *     amount, the ledger grants only a small part of the remaining amount, so that other nodes
   *     can lease some too.
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
   * @param known whether the ledger knew the node's lease. If the ledger did not know it, the lease
   *     was charged as used, and the node has no lease.
   * @param goodFor how long calls may reserve from the lease, which is until the window or a raise
   *     ends; zero when the window is over
   * @param held the part of the budget that the node has leased now
   * @param left the amount that can still be leased; negative if more is used or held than the
   *     budget allows
   * @param settled the amount that has been spent or is treated as spent
   * @param reserved the amount that all nodes together have leased
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
   * @param start the beginning of 1970 when the window never ends
   * @param end empty when the window never ends
   */
  record Window(Instant start, Optional<Instant> end) {}
}
