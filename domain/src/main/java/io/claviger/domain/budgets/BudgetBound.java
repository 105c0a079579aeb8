package io.claviger.domain.budgets;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;
import java.util.Locale;

/** The firmness with which a budget limits use. */
public enum BudgetBound implements WireNamed {
  /** Calls are admitted by an estimate. Use beyond the budget is shown as overshoot. */
  MEASURED,
  /**
   * Calls are admitted by the highest cost that they can have, so that the budget is never
   * exceeded.
   */
  STRICT;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The stored and shown name, such as {@code strict}. */
  @Override
  public String wireName() {
    return wireName;
  }

  /** Finds the bound with this name, or throws {@link InvalidValue}. */
  public static BudgetBound of(String wireName) {
    return WireNamed.of(values(), wireName, "bound");
  }
}
