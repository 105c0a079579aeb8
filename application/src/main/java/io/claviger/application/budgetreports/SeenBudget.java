package io.claviger.application.budgetreports;

import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetHolder;

/**
 * A budget that the caller sees.
 *
 * @param raisable whether the caller may raise it
 */
record SeenBudget(BudgetHolder holder, Budget budget, boolean raisable) {
  BudgetAccount account() {
    return new BudgetAccount(holder.account(), budget.key());
  }
}
