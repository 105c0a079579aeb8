package io.claviger.domain.budgets;

import java.util.Objects;

/**
 * A budget to which a call is charged, and its account. The account is computed only once, because
 * each call looks the account up.
 */
public final class BudgetMeter {
  private final BudgetAccount charged;
  private final Budget budget;
  private final boolean shownToCaller;

  /**
   * @param account the text that names the budget's holder; this text is the same on every node and
   *     for every share
   * @param shownToCaller whether the caller may see the amount and the budget's holder
   */
  public BudgetMeter(String account, Budget budget, boolean shownToCaller) {
    this.charged = new BudgetAccount(account, budget.key());
    this.budget = budget;
    this.shownToCaller = shownToCaller;
  }

  /** Returns the text that names the budget's holder. */
  public String account() {
    return charged.subject();
  }

  /** Returns the account to which the use of the budget is charged. */
  public BudgetAccount charged() {
    return charged;
  }

  public Budget budget() {
    return budget;
  }

  /** Whether the caller may see the amount and the budget's holder. */
  public boolean shownToCaller() {
    return shownToCaller;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BudgetMeter that
        && charged.equals(that.charged)
        && budget.equals(that.budget)
        && shownToCaller == that.shownToCaller;
  }

  @Override
  public int hashCode() {
    return Objects.hash(charged, budget, shownToCaller);
  }

  @Override
  public String toString() {
    return "BudgetMeter[" + charged.subject() + ", " + budget + ", shown " + shownToCaller + "]";
  }
}
