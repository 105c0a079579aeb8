package io.claviger.domain.budgets;

/**
 * A budget that a call is charged to.
 *
 * @param account the name of the budget's holder, which is the same on every node and for every
 *     share
 * @param shownToCaller whether the caller may see the amount and whose budget it is
 */
public record BudgetMeter(String account, Budget budget, boolean shownToCaller) {}
