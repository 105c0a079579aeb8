package io.claviger.application.budgetreports;

import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetHolder;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A budget that the caller sees.
 *
 * @param most the maximum amount to which the caller may raise the budget, including all raises in
 *     force; empty if the caller may not raise the budget
 * @param given the share that lets the caller raise the budget, if the caller may raise the budget
 *     only as the co-owner who gave this share
 */
record SeenBudget(
    BudgetHolder holder, Budget budget, OptionalLong most, Optional<GivenShare> given) {
  /** A budget that the caller does not see as a co-owner. */
  SeenBudget(BudgetHolder holder, Budget budget, OptionalLong most) {
    this(holder, budget, most, Optional.empty());
  }

  /** A share that a co-owner gave. */
  record GivenShare(GranteeId grantee, Optional<Instant> expiresAt) {}

  boolean raisable() {
    return most.orElse(0) > budget.amount();
  }

  BudgetAccount account() {
    return new BudgetAccount(holder.account(), budget.key());
  }
}
