package io.claviger.persistence.shared;

import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.Budgets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The form in which columns store budgets. Each budget is a text that the database function {@code
 * is_budget} checks.
 */
public final class StoredBudgets {
  private static final String ALLOW = "allow";
  private static final String REFUSE = "refuse";

  private StoredBudgets() {}

  /** Returns the column's value; null if there are no budgets. */
  public static String @Nullable [] orNull(Budgets budgets) {
    return budgets.isNone() ? null : Parameters.texts(budgets.all(), StoredBudgets::text);
  }

  /** Reads the column, which is null if there are no budgets. */
  public static Budgets read(Optional<List<String>> column) {
    return column
        .map(texts -> new Budgets(texts.stream().map(StoredBudgets::read).toList()))
        .orElse(Budgets.NONE);
  }

  public static String text(Budget budget) {
    return budget.words(ALLOW, REFUSE);
  }

  public static Budget read(String text) {
    return Budget.ofWords(text, ALLOW);
  }
}
