package io.claviger.console.budgets;

import io.claviger.console.page.FormState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of budgets.
 *
 * @param filters as they are in the address
 * @param filtered whether there are any filters
 * @param next the address of the next page; null on the last one
 * @param webhook the page on which the viewer sets up messages about thresholds
 */
public record BudgetListModel(
    FormState filters,
    boolean filtered,
    List<BudgetLine> lines,
    @Nullable String next,
    String webhook) {
  public BudgetListModel {
    lines = List.copyOf(lines);
  }
}
