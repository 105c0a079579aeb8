package io.claviger.application.budgetreports;

import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetHolder;
import java.util.OptionalLong;

/**
 * A budget that the caller sees.
 *
 * @param most the maximum amount to which the caller may raise the budget, including all raises in
 *     force; empty if the caller may not raise the budget
 */
record SeenBudget(BudgetHolder holder, Budget budget, OptionalLong most) {
  boolean raisable() {
    return most.orElse(0) > budget.amount();
  }

  BudgetAccount account() {
    return new BudgetAccount(holder.account(), budget.key());
  }
}
