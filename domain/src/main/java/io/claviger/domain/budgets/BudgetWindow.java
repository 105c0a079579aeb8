package io.claviger.domain.budgets;

import io.claviger.domain.InvalidValue;
import java.time.Duration;
import java.util.Locale;

/** How long a budget lasts before it resets. Windows begin at midnight in the zone. */
public enum BudgetWindow {
  DAY,
  /** A week begins on Monday. */
  WEEK,
  MONTH,
  /** Never resets. */
  TOTAL;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The stored and shown name, such as {@code month}. */
  public String wireName() {
    return wireName;
  }

  /** After how long another pace of use can be expected: an hour of a day, a day of the others. */
  Duration period() {
    return this == DAY ? Duration.ofHours(1) : Duration.ofDays(1);
  }

  /** Finds the window with this name, or throws {@link InvalidValue}. */
  public static BudgetWindow of(String wireName) {
    for (BudgetWindow window : values()) {
      if (window.wireName.equals(wireName)) {
        return window;
      }
    }
    throw new InvalidValue("window", "day, week, month or total");
  }
}
