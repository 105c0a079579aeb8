package io.claviger.console.sharing;

import io.claviger.console.limits.BudgetWords;
import io.claviger.console.limits.LimitFields;
import io.claviger.console.page.Numbers;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A set of terms for a common purpose. Choosing such a set fills in the form of a loan in one step.
 */
public enum LoanChoice {
  TRY("Try it", "7 days", 7, 20, "2", "200000", BudgetWindow.TOTAL),
  DAILY("Daily work", "no end", 0, 60, "20", "10000000", BudgetWindow.MONTH),
  JOB("A job", "30 days", 30, 300, "50", "50000000", BudgetWindow.TOTAL);

  /** The field with the name of the chosen set of terms. */
  static final String FIELD = "choice";

  private final String label;
  private final String time;
  private final int days;
  private final int requestsPerMinute;
  private final Budget dollars;
  private final Budget tokens;

  /**
   * @param days the length of the loan in days; 0 if the loan has no end
   * @param tokens the budget in tokens, which is used for models without a price
   */
  LoanChoice(
      String label,
      String time,
      int days,
      int requestsPerMinute,
      String dollars,
      String tokens,
      BudgetWindow window) {
    this.label = label;
    this.time = time;
    this.days = days;
    this.requestsPerMinute = requestsPerMinute;
    this.dollars = budget(BudgetUnit.USD, dollars, window);
    this.tokens = budget(BudgetUnit.TOKENS, tokens, window);
  }

  private static Budget budget(BudgetUnit unit, String amount, BudgetWindow window) {
    return new Budget(
        unit.parts(Numbers.decimal(amount)),
        unit,
        window,
        BudgetZone.UTC,
        BudgetBound.MEASURED,
        false);
  }

  /** A button that fills in the form. */
  public record Button(String value, String label, String terms) {}

  static List<Button> buttons(boolean priced) {
    return Arrays.stream(values()).map(choice -> choice.button(priced)).toList();
  }

  /** Finds the set of terms that a form names; empty if the form names none. */
  static Optional<LoanChoice> of(String value) {
    return Arrays.stream(values()).filter(choice -> choice.value().equals(value)).findFirst();
  }

  /**
   * Returns sample terms with a budget in dollars, to find out whether models have the prices that
   * a budget in dollars needs.
   */
  static Share.Terms inDollars() {
    return new Share.Terms(
        Role.READER, false, Optional.empty(), Limits.of(new Budgets(List.of(DAILY.dollars))));
  }

  private String value() {
    return name().toLowerCase(Locale.ROOT);
  }

  private Button button(boolean priced) {
    return new Button(value(), label, BudgetWords.of(budget(priced)) + ", " + time);
  }

  private Budget budget(boolean priced) {
    return priced ? dollars : tokens;
  }

  /**
   * Returns the values of the fields that this set fills in or empties. The fields for the
   * receiver, the models, the operations and the storage keep their values.
   */
  Map<String, String> fields(boolean priced, LocalDate today) {
    Budget budget = budget(priced);
    Map<String, String> values = new HashMap<>();
    LimitFields.namesInAll("").forEach(name -> values.put(name, ""));
    for (int n = 2; n <= Budgets.MOST; n++) {
      values.put("amount" + n, "");
    }
    values.put("requests_per_minute", Integer.toString(requestsPerMinute));
    values.put("amount1", budget.unit().text(budget.amount()));
    values.put("unit1", budget.unit().wireName());
    values.put("window1", budget.window().wireName());
    values.put("role", "reader");
    values.put("until", days == 0 ? "" : today.plusDays(days).toString());
    values.put("ends_at", "");
    return values;
  }
}
