package io.claviger.application.budgetreports;

import io.claviger.application.budgets.port.HolderNames;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetState;
import java.time.Instant;
import java.util.Optional;

/**
 * A budget, and what was used of it.
 *
 * @param forecastAt when it will be used up if calls go on as before; empty if the window ends
 *     first
 * @param raisable whether the asker may raise it for a time
 */
public record BudgetReport(
    BudgetAccount account,
    BudgetHolder holder,
    HolderNames names,
    Budget budget,
    BudgetState state,
    Optional<Instant> forecastAt,
    boolean raisable) {}
