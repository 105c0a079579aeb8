package io.claviger.domain.budgets;

import java.util.Objects;

/**
 * A budget to which a call is charged, and its account. The values that are derived from the
 * account are computed only once, because each call needs them.
 */
public final class BudgetMeter {
  private final BudgetAccount charged;
  private final Budget budget;
  private final boolean shownToCaller;
  private final boolean isOfService;
  private final String terms;

  /**
   * @param account the text that names the budget's holder; this text is the same on every node and
   *     for every share
   * @param shownToCaller whether the caller may see the amount and the budget's holder
   */
  public BudgetMeter(String account, Budget budget, boolean shownToCaller) {
    this.charged = new BudgetAccount(account, budget.key());
    this.budget = budget;
    this.shownToCaller = shownToCaller;
    this.isOfService = BudgetHolder.isOfService(account);
    this.terms =
        ";unit="
            + budget.unit().wireName()
            + ";of="
            + budget.unit().text(budget.amount())
            + ";window="
            + budget.window().wireName();
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

  /**
   * Whether the budget belongs to a service or to a share of the service, and not to a user, group,
   * project or token.
   */
  public boolean isOfService() {
    return isOfService;
  }

  /**
   * Returns what follows the remaining amount in a response header, such as {@code
   * ;unit=usd;of=5;window=month}.
   */
  public String terms() {
    return terms;
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
