package io.claviger.domain.budgets;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;
import java.util.Locale;

/** How strictly a budget restricts the use. */
public enum BudgetBound implements WireNamed {
  /**
   * Calls are admitted by an estimate. If the use then exceeds the budget, the excess is shown as
   * overshoot.
   */
  MEASURED,
  /**
   * A call is admitted only if its highest possible cost fits into the unused part of the budget,
   * so the budget is never exceeded.
   */
  STRICT;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** Returns the name that is stored and shown, such as {@code strict}. */
  @Override
  public String wireName() {
    return wireName;
  }

  /** Finds the bound with the given name, or throws {@link InvalidValue}. */
  public static BudgetBound of(String wireName) {
    return WireNamed.of(values(), wireName, "bound");
  }
}
