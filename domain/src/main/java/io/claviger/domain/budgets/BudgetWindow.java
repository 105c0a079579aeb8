package io.claviger.domain.budgets;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;
import java.time.Duration;
import java.util.Locale;

/** The time after which a budget resets. Windows begin at midnight in the budget's time zone. */
public enum BudgetWindow implements WireNamed {
  DAY,
  /** A week begins on Monday. */
  WEEK,
  MONTH,
  /** A single window for all time: the budget never resets. */
  TOTAL;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** Returns the name that is stored and shown, such as {@code month}. */
  @Override
  public String wireName() {
    return wireName;
  }

  /**
   * Returns the time for which the pace of use is assumed to stay the same: an hour for {@code
   * day}, and a day for the other windows.
   */
  Duration period() {
    return this == DAY ? Duration.ofHours(1) : Duration.ofDays(1);
  }

  /** Finds the window with the given name, or throws {@link InvalidValue}. */
  public static BudgetWindow of(String wireName) {
    return WireNamed.of(values(), wireName, "window");
  }
}
