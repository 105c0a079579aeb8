package io.claviger.application.budgetreports.port;

import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetRaise;
import io.claviger.domain.budgets.BudgetState;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Stores the states of budget accounts, and raises of budgets. All times are from the database's
 * clock.
 */
public interface BudgetStateStore {
  /**
   * Returns the states of all given accounts. An account whose current window does not exist yet
   * has a state, too: the window begins with what its holder was charged without the budget. For
   * the account of a group, the state leaves these charges out as long as it has no {@linkplain
   * BudgetState#hasWindow() window}, because adding them up can take long. Create such windows
   * first, with {@link io.claviger.application.budgets.BudgetReservations#open}.
   */
  Map<BudgetAccount, BudgetState> states(Collection<BudgetAccount> accounts);

  /** Returns the time of the database's clock, which decides when raises end. */
  Instant now();

  /**
   * Stores a raise. Creates the account if it was never used. Raises of the same account are stored
   * one after the other.
   *
   * <p>The raise of a co-owner ends with the share to which it belongs, at the latest. While the
   * user calls by another share, the raise does not count: it is not among the raises in force.
   *
   * @param author the user who gives the raise
   * @param grantee the user or group with the share to which the raise belongs, if the author gives
   *     the raise as the co-owner who gave this share; otherwise empty
   * @param most the maximum sum of all raises in force, including this raise, in the smallest part
   *     of the budget's unit
   * @param onlyOnce whether to store nothing if a raise of the same amount and with the same end is
   *     in force
   */
  RaiseOutcome insert(
      BudgetAccount account,
      BudgetRaise raise,
      User.Id author,
      Optional<GranteeId> grantee,
      long most,
      boolean onlyOnce);

  enum RaiseOutcome {
    STORED,
    /** A raise of the same amount and with the same end is in force. */
    SAME,
    TOO_MANY,
    /** Together with the raises in force, the raise would add too much. */
    TOO_MUCH;

    /**
     * Decides whether a raise can be stored. Implementations of {@code BudgetStateStore} call this
     * method while nobody else can store a raise of the same budget. For the other parameters, see
     * {@link BudgetStateStore#insert}.
     *
     * @param before the earlier raises of the same budget that are in force
     */
    public static RaiseOutcome of(
        List<BudgetRaise> before, BudgetRaise raise, long most, boolean onlyOnce) {
      boolean isSame =
          before.stream()
              .anyMatch(one -> one.amount() == raise.amount() && one.until().equals(raise.until()));
      if (onlyOnce && isSame) {
        return SAME;
      }
      if (before.size() >= BudgetRaise.MOST) {
        return TOO_MANY;
      }
      // The sum does not overflow: there are at most nine raises, and only the sum of ten raises of
      // the largest amount would be too large.
      long sum = before.stream().mapToLong(BudgetRaise::amount).sum();
      return sum > most - raise.amount() ? TOO_MUCH : STORED;
    }
  }

  /** Ends a raise of a budget. Returns whether such a raise was in force. */
  boolean end(BudgetAccount account, UUID raise);
}
