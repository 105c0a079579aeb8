package io.claviger.domain.budgets;

/**
 * A budget that a call is charged to.
 *
 * @param account whose budget it is; the same name on every node, whatever share led there
 * @param shownToCaller whether the caller may see the amount and whose budget it is
 */
public record BudgetMeter(String account, Budget budget, boolean shownToCaller) {}
