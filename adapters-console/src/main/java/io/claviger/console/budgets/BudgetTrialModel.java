package io.claviger.console.budgets;

import io.claviger.console.page.FormState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a budget would have refused.
 *
 * @param form the budget that is tried, as it is in the address
 * @param result null before anything was tried
 */
public record BudgetTrialModel(FormState form, @Nullable Result result) {

  /**
   * What would have been refused.
   *
   * @param budget in words
   */
  public record Result(String budget, long calls, long refused, List<CallerLine> callers) {
    public Result {
      callers = List.copyOf(callers);
    }
  }

  /**
   * What would have been refused to somebody.
   *
   * @param firstRefusedAt in ISO 8601; null if nothing would have been
   */
  public record CallerLine(
      String name, long calls, long refused, @Nullable String firstRefusedAt) {}
}
