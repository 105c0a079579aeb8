package io.claviger.application.budgetreports.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetRaise;
import io.claviger.domain.budgets.BudgetState;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;

/**
 * Stores the states of the accounts of budgets, and raises of these budgets. All times are by the
 * clock of the database.
 */
public interface BudgetStateStore {
  /** Finds the states of all given accounts. Accounts that were never used have a state too. */
  Map<BudgetAccount, BudgetState> states(Collection<BudgetAccount> accounts);

  /** Returns the time by the clock of the database, which decides when raises end. */
  Instant now();

  /**
   * Stores a raise, and creates the account if it was never used. Raises of one account are stored
   * one after the other.
   *
   * @param author the user who gives the raise
   * @param most the greatest sum of all raises in force, including this raise, in the smallest part
   *     of the budget's unit
   */
  RaiseOutcome insert(BudgetAccount account, BudgetRaise raise, User.Id author, long most);

  enum RaiseOutcome {
    STORED,
    TOO_MANY,
    /** Together with the raises in force, the raise would add too much. */
    TOO_MUCH
  }

  /** Ends a raise that is in force. Returns whether there was such a raise. */
  boolean end(BudgetAccount account, UUID raise);
}
