package io.claviger.console.limits;

import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Numbers;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.budgets.Budgets;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads and shows up to {@link Budgets#MOST} budgets in a form. The name of each field of a budget
 * ends with the budget's number. If the amount is empty, the form has no budget with this number.
 */
public final class BudgetFields {
  private static final List<String> EACH =
      List.of("amount", "unit", "window", "zone", "bound", "unpriced");
  private static final Pattern OTHER_FIELD =
      Pattern.compile("(.*?)(?:unit|window|zone|bound|unpriced)([0-9])");

  private BudgetFields() {}

  public static Stream<String> names(String prefix) {
    return numbers().boxed().flatMap(n -> EACH.stream().map(name -> prefix + name + n));
  }

  /** Reads the budgets. Faults of the budgets are recorded as faults of the form. */
  public static Budgets read(Fields fields, String prefix) {
    List<Budget> given = new ArrayList<>();
    numbers().forEach(n -> read(fields, prefix, Integer.toString(n)).ifPresent(given::add));
    return fields.made(prefix + "budgets", () -> new Budgets(given)).orElse(Budgets.NONE);
  }

  /**
   * Reads the budget in a form that has only one budget. The names of this budget's fields do not
   * end with a number.
   */
  public static Optional<Budget> readOne(Fields fields) {
    return read(fields, "", "");
  }

  private static Optional<Budget> read(Fields fields, String prefix, String n) {
    Optional<BudgetUnit> unit = fields.optional(prefix + "unit" + n, BudgetUnit::of);
    Optional<Long> amount =
        fields.optional(prefix + "amount" + n, text -> amount(unit.orElse(BudgetUnit.USD), text));
    Optional<BudgetWindow> window = fields.optional(prefix + "window" + n, BudgetWindow::of);
    Optional<BudgetZone> zone = fields.optional(prefix + "zone" + n, BudgetZone::new);
    Optional<BudgetBound> bound = fields.optional(prefix + "bound" + n, BudgetBound::of);
    Optional<Boolean> unpriced = fields.optional(prefix + "unpriced" + n, Budget::allowedBy);
    return amount.flatMap(
        parts ->
            fields.made(
                prefix + "unpriced" + n,
                () ->
                    new Budget(
                        parts,
                        unit.orElse(BudgetUnit.USD),
                        window.orElse(BudgetWindow.MONTH),
                        zone.orElse(BudgetZone.UTC),
                        bound.orElse(BudgetBound.MEASURED),
                        unpriced.orElse(false))));
  }

  /**
   * Reads an amount. Only amounts in dollars can have decimal places.
   *
   * @return the amount, counted in the smallest parts of the unit
   * @throws InvalidValue if the text is not an amount that the unit allows
   */
  public static long amount(BudgetUnit unit, String text) {
    return unit == BudgetUnit.USD
        ? unit.parts(Numbers.decimal(text))
        : unit.parts(Numbers.found(text).orElse(BigDecimal.ZERO));
  }

  /** Returns the values of the form's fields for these budgets. */
  public static Map<String, String> shown(Budgets budgets, String prefix) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int n = 1; n <= budgets.all().size(); n++) {
      Budget budget = budgets.all().get(n - 1);
      values.put(prefix + "amount" + n, budget.unit().text(budget.amount()));
      values.put(prefix + "unit" + n, budget.unit().wireName());
      values.put(prefix + "window" + n, budget.window().wireName());
      values.put(prefix + "zone" + n, budget.zone().name());
      values.put(prefix + "bound" + n, budget.bound().wireName());
      values.put(prefix + "unpriced" + n, budget.unpriced());
    }
    return values;
  }

  /**
   * Returns the number of budgets for which an opened form has fields: one more than the number of
   * filled-in budgets.
   */
  public static int shownAtFirst(FormState form, String prefix) {
    int filled =
        numbers()
            .filter(n -> !form.value(prefix + "amount" + n).isEmpty() || isWrong(form, prefix, n))
            .max()
            .orElse(0);
    return Math.min(filled + 1, Budgets.MOST);
  }

  /** Whether the form contains a budget, or reports a fault of a budget. */
  static boolean anyShown(FormState form, String prefix) {
    return shownAtFirst(form, prefix) > 1 || form.error(prefix + "budgets") != null;
  }

  /**
   * Whether a budget has values in its less usual fields. If less usual fields have values, the
   * form shows these fields from the start.
   */
  public static boolean isParticular(FormState form, String prefix, int n) {
    return !List.of("", BudgetZone.UTC.name()).contains(form.value(prefix + "zone" + n))
        || form.chose(prefix + "bound" + n, BudgetBound.STRICT.wireName())
        || form.chose(prefix + "unpriced" + n, Budget.ALLOW)
        || isWrong(form, prefix, n);
  }

  /**
   * Whether a field belongs to a budget without an amount. Neither the form nor the stored values
   * contain the amount of such a budget.
   */
  public static boolean isOfNone(String field, FormState sent, Map<String, String> stored) {
    Matcher other = OTHER_FIELD.matcher(field);
    if (!other.matches()) {
      return false;
    }
    String amount = other.group(1) + "amount" + other.group(2);
    return sent.value(amount).isEmpty() && stored.getOrDefault(amount, "").isEmpty();
  }

  private static boolean isWrong(FormState form, String prefix, int n) {
    return EACH.stream().anyMatch(name -> form.error(prefix + name + n) != null);
  }

  private static IntStream numbers() {
    return IntStream.rangeClosed(1, Budgets.MOST);
  }
}
