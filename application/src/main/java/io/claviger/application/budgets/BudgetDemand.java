package io.claviger.application.budgets;

import io.claviger.domain.budgets.BudgetMeter;

/**
 * What a call has to reserve of one budget.
 *
 * @param amount the most that the call is expected to cost, 0 or more, in the smallest part of the
 *     budget's unit
 */
public record BudgetDemand(BudgetMeter meter, long amount) {}
