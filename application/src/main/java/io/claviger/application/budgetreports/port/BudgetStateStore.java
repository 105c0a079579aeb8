package io.claviger.application.budgetreports.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetRaise;
import io.claviger.domain.budgets.BudgetState;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;

/** The state of accounts, by the clock of the database, and their raises. */
public interface BudgetStateStore {
  /** Finds the states of all these accounts. Accounts that were never used have a state too. */
  Map<BudgetAccount, BudgetState> states(Collection<BudgetAccount> accounts);

  /** Returns the time by the clock of the database, which decides when raises end. */
  Instant now();

  /**
   * Stores a raise, and makes the account if it was never used. Raises of one account come one
   * after the other.
   *
   * @param author who gives it
   * @param most the sum that all raises in force, with this one, may reach, in the smallest part of
   *     the budget's unit
   */
  RaiseOutcome insert(BudgetAccount account, BudgetRaise raise, User.Id author, long most);

  enum RaiseOutcome {
    STORED,
    TOO_MANY,
    /** Together with the raises in force, it would add too much. */
    TOO_MUCH
  }

  /** Ends a raise that is in force. Returns whether there was one. */
  boolean end(BudgetAccount account, UUID raise);
}
