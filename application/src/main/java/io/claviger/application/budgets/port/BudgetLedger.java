package io.claviger.application.budgets.port;

import io.claviger.domain.budgets.BudgetAccount;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The budget accounts, from which nodes lease portions. For each account and window, the settled
 * amount and all leases together never exceed the budget, with two exceptions: the budget was
 * lowered, or calls cost more than their reservations.
 *
 * <p>A node states the totals that it has spent and leased, not the changes of these totals. So a
 * node may repeat an exchange if it does not know whether the exchange was applied. If a node is
 * silent for {@link #SILENCE}, its lease is treated as spent. The node's next exchange corrects the
 * account.
 */
public interface BudgetLedger {
  /** The time for which a node may be silent before its lease is treated as spent. */
  Duration SILENCE = Duration.ofSeconds(60);

  /**
   * Records the spending and the leases of a node. Leases more to the node if the node requests
   * more. Either all exchanges are applied or none.
   *
   * @param node an id of this run of the node; no later run uses this id again
   * @param each the exchanges, at most one per account and window
   * @return an answer to each exchange, in the same order
   * @throws io.claviger.application.shared.StoreUnavailable when the database does not answer. The
   *     exchanges might nevertheless have been applied, or might be applied later
   */
  List<BudgetAccountState> exchange(UUID node, List<LedgerExchange> each);

  /**
   * Returns whether the account and its current window exist. While {@link #open} adds up the
   * earlier charges of an account, the window does not exist yet. This method does not wait for
   * {@link #open}.
   */
  boolean exists(BudgetAccount account);

  /**
   * Creates the account and its current window if they do not exist. A new window begins with what
   * its holder was charged without the budget. If the holder is a large group, adding up these
   * charges can take a minute. Exchanges of other accounts do not wait for this method. An exchange
   * creates a missing window too, but then the other accounts of the exchange wait.
   *
   * @throws io.claviger.application.shared.QueryTimeout if adding up the earlier charges takes too
   *     long
   */
  void open(BudgetAccount account);

  /**
   * Counts the leases of silent nodes as spent. Returns the number of leases that were written off.
   */
  int writeOff();

  /**
   * Removes old accounts, windows and leases. Returns the number of removed accounts, leases and
   * raises.
   */
  int removeOld();

  /**
   * A node's statement about a window of an account.
   *
   * @param window the start of the window; if empty, the current window
   * @param after the end of the previous window; empty if the node does not know it. The ledger
   *     does not treat an earlier window as the current window, even if the ledger's clock was set
   *     back.
   * @param began the sequence number of the first exchange of the node's current lease of this
   *     account and window
   * @param sequence a number that increases with each exchange of the node; the ledger ignores an
   *     exchange if it has already applied a later exchange of the same account and window
   * @param spent the sum of the charges since {@code began}
   * @param held the unspent part of the lease, for running and future calls
   * @param dearest the highest possible cost of one of the node's calls; 0 if this cost has not
   *     grown since the last exchange. This cost shows people by how much a budget can be exceeded
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
   * @param smallest the smallest amount that a waiting call needs; a smaller amount would be
   *     useless and is not granted
   * @param extra the amount that the node wants in addition to {@code needed}. The ledger grants at
   *     most a small part of the remaining amount as the extra amount, so that other nodes can
   *     lease too.
   */
  record Demand(long budget, long needed, long smallest, long extra) {
    /** Returns a demand that requests no amount. */
    public static Demand none(long budget) {
      return new Demand(budget, 0, 0, 0);
    }
  }

  /**
   * The state of an account after an exchange.
   *
   * @param known whether the ledger knew the node's lease; if false, the lease was charged as
   *     spent, and the node has no lease
   * @param goodFor the time for which calls may reserve from the lease, until the window or a raise
   *     ends; zero if the window is over
   * @param held the part of the budget that the node has leased now
   * @param left the amount that can still be leased; negative if the budget is exceeded
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
   * @param start the start of the window; the beginning of 1970 if the window has no end
   * @param end the end of the window; empty if the window has no end
   */
  record Window(Instant start, Optional<Instant> end) {}
}
