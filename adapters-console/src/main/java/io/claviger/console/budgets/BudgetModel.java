package io.claviger.console.budgets;

import io.claviger.console.page.FormState;

/**
 * The page of one budget.
 *
 * @param form on which it is raised
 */
public record BudgetModel(BudgetLine budget, FormState form) {}
