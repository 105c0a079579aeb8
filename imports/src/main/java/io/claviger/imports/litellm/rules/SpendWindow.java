package io.claviger.imports.litellm.rules;

import io.claviger.domain.budgets.BudgetWindow;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The window in Claviger that comes closest to the window of a LiteLLM budget.
 *
 * @param exact whether a budget with this window is reset as often as in LiteLLM
 */
record SpendWindow(BudgetWindow window, boolean exact) {
  private static final Map<BudgetWindow, Set<String>> KNOWN =
      Map.of(
          BudgetWindow.DAY, Set.of("1d", "24h", "1440m", "86400s"),
          BudgetWindow.WEEK, Set.of("7d", "1w", "168h"),
          BudgetWindow.MONTH, Set.of("30d", "1mo", "720h"));

  private static final Pattern DURATION = Pattern.compile("[0-9]{1,9}(?:s|m|h|d|w|mo)");

  /**
   * Returns the window that comes closest to a duration. A budget without a duration never resets.
   */
  public static SpendWindow of(Optional<String> duration) {
    if (duration.isEmpty()) {
      return new SpendWindow(BudgetWindow.TOTAL, true);
    }
    return KNOWN.entrySet().stream()
        .filter(known -> known.getValue().contains(duration.get()))
        .map(known -> new SpendWindow(known.getKey(), true))
        .findAny()
        .orElseGet(() -> new SpendWindow(BudgetWindow.TOTAL, false));
  }

  /** Whether the text is a duration, so that a report may repeat it. */
  public static boolean isDuration(String text) {
    return DURATION.matcher(text).matches();
  }
}
