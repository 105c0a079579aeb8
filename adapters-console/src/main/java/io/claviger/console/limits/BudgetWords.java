package io.claviger.console.limits;

import io.claviger.console.page.Numbers;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Describes budgets and their amounts in words. */
public final class BudgetWords {
  /**
   * Amounts below one dollar are rounded to this number of decimal places, that is to a hundredth
   * of a cent. All other amounts are rounded to a cent.
   */
  private static final int SHOWN_DECIMALS = 4;

  private static final int CENTS = 2;

  private BudgetWords() {}

  /** Returns words such as {@code $20 a month} or {@code 1,000 requests in all}. */
  public static String of(Budget budget) {
    return exactly(budget.unit(), budget.amount()) + " " + window(budget.window());
  }

  /**
   * Returns the unusual settings of a budget in words; empty if there are none. For example, the
   * budget has a time zone, is never exceeded, or allows models without a price.
   */
  public static String particulars(Budget budget) {
    StringBuilder words = new StringBuilder();
    if (!budget.zone().equals(BudgetZone.UTC)) {
      words.append("time of ").append(budget.zone().name());
    }
    if (budget.bound() == BudgetBound.STRICT) {
      words.append(words.isEmpty() ? "" : ", ").append("never exceeded");
    }
    if (budget.allowsUnpriced()) {
      words.append(words.isEmpty() ? "" : ", ").append("models without a price pass");
    }
    return words.toString();
  }

  /**
   * Returns words that describe a budget with all its settings, for people who decide about the
   * budget.
   */
  public static String inFull(Budget budget) {
    String bound = budget.bound() == BudgetBound.STRICT ? "" : "calls pass by an estimate";
    String particulars = particulars(budget);
    return of(budget)
        + " ("
        + bound
        + (bound.isEmpty() || particulars.isEmpty() ? "" : ", ")
        + particulars
        + ")";
  }

  /**
   * Returns the window of a budget in the words that follow the amount: {@code a day}, {@code in
   * all}.
   */
  public static String window(BudgetWindow window) {
    return switch (window) {
      case DAY -> "a day";
      case WEEK -> "a week";
      case MONTH -> "a month";
      case TOTAL -> "in all";
    };
  }

  /** Returns an amount with its unit and all its decimal places. */
  public static String exactly(BudgetUnit unit, long parts) {
    return withUnit(unit, new BigDecimal(unit.text(parts)), parts);
  }

  /**
   * Writes an amount with its unit. Dollars are rounded to a cent, and amounts below one dollar to
   * a hundredth of a cent.
   */
  public static String about(BudgetUnit unit, long parts) {
    BigDecimal amount = new BigDecimal(unit.text(parts));
    int decimals = amount.compareTo(BigDecimal.ONE) < 0 ? SHOWN_DECIMALS : CENTS;
    BigDecimal rounded = amount.setScale(decimals, RoundingMode.HALF_UP);
    if (parts > 0 && rounded.signum() == 0) {
      return "under $0.0001";
    }
    return withUnit(unit, rounded, parts);
  }

  private static String withUnit(BudgetUnit unit, BigDecimal amount, long parts) {
    return switch (unit) {
      case USD -> Numbers.exactDollars(amount);
      case TOKENS -> Numbers.shown(parts) + (parts == 1 ? " token" : " tokens");
      case REQUESTS -> Numbers.shown(parts) + (parts == 1 ? " request" : " requests");
    };
  }
}
