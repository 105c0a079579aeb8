package io.claviger.domain.bills;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.ModelName;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.Optional;

/**
 * The cost of one line of a provider's bill on one day.
 *
 * @param day a day of UTC
 * @param lineItem the provider's name for the line; empty if the provider names no line
 * @param model the model that the provider names for the line; empty if the provider names no model
 * @param currency three capital letters, such as {@code USD}
 * @param amount the cost in billionths of the currency; never negative
 */
public record BilledCost(
    LocalDate day,
    Optional<String> lineItem,
    Optional<ModelName> model,
    String currency,
    long amount) {
  public BilledCost {
    BillText.demand(lineItem, "line_item");
    if (currency.length() != 3 || !currency.chars().allMatch(c -> c >= 'A' && c <= 'Z')) {
      throw new InvalidValue("currency", "three capital letters");
    }
    BillText.demandNotNegative(amount);
  }

  /** Returns a copy with the given model. */
  BilledCost of(Optional<ModelName> other) {
    return new BilledCost(day, lineItem, other, currency, amount);
  }

  /**
   * The fields that together identify one line of the bill. In one download of the provider's
   * figures, each combination of these fields occurs at most once.
   */
  public Line line() {
    return new Line(day, lineItem, model, currency);
  }

  /**
   * Identifies one line on one day. These identifiers have an order, so that a map finds them
   * quickly even if a provider chooses names with equal hash codes.
   */
  public record Line(
      LocalDate day, Optional<String> lineItem, Optional<ModelName> model, String currency)
      implements Comparable<Line> {
    private static final Comparator<Line> ORDER =
        Comparator.comparing(Line::day)
            .thenComparing(line -> line.lineItem().orElse(""))
            .thenComparing(line -> line.model().map(ModelName::value).orElse(""))
            .thenComparing(Line::currency);

    @Override
    public int compareTo(Line other) {
      return ORDER.compare(this, other);
    }
  }
}
