package io.claviger.application.budgetreports;

import io.claviger.application.budgets.port.HolderNames;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetForecast;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetState;

/**
 * A budget, and how much of it is used.
 *
 * @param forecast when the budget will be used up at the current rate of calls
 * @param raisable whether the caller may raise the budget temporarily
 */
public record BudgetReport(
    BudgetAccount account,
    BudgetHolder holder,
    HolderNames names,
    Budget budget,
    BudgetState state,
    BudgetForecast forecast,
    boolean raisable) {}
