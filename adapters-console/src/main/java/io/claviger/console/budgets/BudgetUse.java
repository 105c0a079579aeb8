package io.claviger.console.budgets;

/**
 * How much of a budget is used up.
 *
 * @param percent 0 to 100
 */
public record BudgetUse(int percent) {
  private static final int NEARLY = 80;

  /** Whether it needs somebody's attention. */
  public boolean isNearlyUp() {
    return percent >= NEARLY;
  }

  /** The class of the style sheet that colours it. */
  public String tone() {
    if (percent >= 100) {
      return "bad";
    }
    return isNearlyUp() ? "warn" : "plain";
  }

  /** Says what state the budget is in; empty for the usual one. */
  public String state() {
    if (percent >= 100) {
      return "used up";
    }
    return isNearlyUp() ? "nearly used up" : "";
  }
}
