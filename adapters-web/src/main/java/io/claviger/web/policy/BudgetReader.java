package io.claviger.web.policy;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.budgets.Budgets;
import io.claviger.web.json.Json;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonLocation;
import io.claviger.web.json.JsonObject;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;

public final class BudgetReader {
  /** Converts a single budget. */
  public static final JsonConverter<Budget> ONE = JsonConverter.object(BudgetReader::budget);

  /** Converts a list of budgets. An empty list means that there are no budgets. */
  public static final JsonConverter<Budgets> LIST = JsonConverter.listOf(ONE).then(Budgets::new);

  private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,20}(?:\\.[0-9]{1,20})?");

  private BudgetReader() {}

  private static Optional<Budget> budget(JsonObject fields) {
    Optional<BudgetUnit> unit =
        fields
            .required("unit", JsonConverter.text(BudgetUnit::of), "Give usd, tokens or requests.")
            .given();
    Optional<BigDecimal> amount =
        fields.required("amount", BudgetReader::decimal, "Say how much may be used up.").given();
    Optional<BudgetWindow> window =
        fields
            .required(
                "window", JsonConverter.text(BudgetWindow::of), "Give day, week, month or total.")
            .given();
    BudgetZone zone = fields.value("zone", JsonConverter.text(BudgetZone::new)).or(BudgetZone.UTC);
    BudgetBound bound =
        fields.value("bound", JsonConverter.text(BudgetBound::of)).or(BudgetBound.MEASURED);
    boolean unpriced = fields.value("unpriced", JsonConverter.text(Budget::allowedBy)).or(false);
    fields.recordUnknownFields();
    Optional<Long> parts =
        unit.flatMap(u -> amount.flatMap(a -> fields.location("amount").attempt(() -> u.parts(a))));
    return parts.flatMap(
        most ->
            window.flatMap(
                w ->
                    fields
                        .location("unpriced")
                        .attempt(
                            () -> new Budget(most, unit.orElseThrow(), w, zone, bound, unpriced))));
  }

  /** Reads a JSON number or a JSON text as it is written, so that no digit is lost. */
  public static Optional<BigDecimal> decimal(Json json, JsonLocation location) {
    return switch (json) {
      case Json.Numeral number -> location.attempt(() -> number(number.text()));
      case Json.Text text -> location.attempt(() -> decimal(text.value()));
      default -> location.wrongType(json, "a decimal number, best as a string");
    };
  }

  /**
   * Reads the text of a JSON number. A number is treated as invalid if its exponent is too large
   * for {@link BigDecimal}.
   */
  private static BigDecimal number(String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new InvalidValue("amount", "a decimal number such as 12.50");
    }
  }

  private static BigDecimal decimal(String text) {
    if (!DECIMAL.matcher(text).matches()) {
      throw new InvalidValue("amount", "a decimal number such as 12.50");
    }
    return new BigDecimal(text);
  }
}
