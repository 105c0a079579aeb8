package io.claviger.persistence.shared;

import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.budgets.Budgets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Budgets as they are stored in columns: each as one text that the function {@code is_budget}
 * checks: {@code 5000000000 usd month Europe/Berlin strict refuse}.
 */
public final class StoredBudgets {
  private static final String ALLOW = "allow";
  private static final String REFUSE = "refuse";

  private StoredBudgets() {}

  /** Returns the value of the column, null if there are no budgets. */
  public static String @Nullable [] orNull(Budgets budgets) {
    return budgets.isNone() ? null : Parameters.texts(budgets.all(), StoredBudgets::text);
  }

  /** Reads a column, which is null if there are no budgets. */
  public static Budgets read(Optional<List<String>> column) {
    return column
        .map(texts -> new Budgets(texts.stream().map(StoredBudgets::read).toList()))
        .orElse(Budgets.NONE);
  }

  public static String text(Budget budget) {
    return String.join(
        " ",
        Long.toString(budget.amount()),
        budget.unit().wireName(),
        budget.window().wireName(),
        budget.zone().name(),
        budget.bound().wireName(),
        budget.allowsUnpriced() ? ALLOW : REFUSE);
  }

  public static Budget read(String text) {
    String[] part = text.split(" ", -1);
    return new Budget(
        Long.parseLong(part[0]),
        BudgetUnit.of(part[1]),
        BudgetWindow.of(part[2]),
        new BudgetZone(part[3]),
        BudgetBound.of(part[4]),
        part[5].equals(ALLOW));
  }
}
