package io.claviger.gateway.bills;

import io.claviger.domain.ModelName;
import io.claviger.domain.bills.BillingFailure;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One result in the figures that a provider states for its bill: the result's texts and numbers,
 * keyed by their paths. A path joins the names of nested members with dots. JSON members whose
 * value is null are treated as absent.
 *
 * @param texts the texts, and the literals {@code true} and {@code false} as texts, keyed by their
 *     paths
 */
record BillRow(Map<String, String> texts, Map<String, BigDecimal> numbers) {
  /**
   * The largest count that a result may contain. Sums of counts up to this limit stay far below the
   * largest number of a {@code long}.
   */
  private static final BigDecimal MOST_COUNTED = BigDecimal.valueOf(1_000_000_000_000_000L);

  /** The largest amount, in dollars, that a result may contain for one day. */
  private static final BigDecimal MOST_DOLLARS = BigDecimal.valueOf(1_000_000_000);

  /**
   * The maximum number of digits that a number may have. Numbers with more digits or larger
   * exponents are refused before anything is computed.
   */
  private static final int MOST_DIGITS = 100;

  private static final Pattern DECIMAL =
      Pattern.compile("-?[0-9]{1,60}(?:\\.[0-9]{1,60})?(?:[eE][+-]?[0-9]{1,5})?");

  private static final int NANO = 9;

  /**
   * Joins the texts that distinguish this result from the other results of its day: all members
   * except the amounts. The joined text is the key in a set, because a set finds a text quickly
   * even if a provider has chosen many texts with the same hash code.
   */
  String group() {
    StringBuilder group = new StringBuilder();
    new TreeMap<>(texts)
        .forEach(
            (name, text) -> {
              if (!name.equals("amount") && !name.startsWith("amount.")) {
                append(name, group);
                append(text, group);
              }
            });
    return group.toString();
  }

  private static void append(String part, StringBuilder group) {
    group.append(part.length()).append(':').append(part);
  }

  /** Returns a text; empty if the result has no such text. */
  Optional<String> text(String name) {
    if (numbers.containsKey(name)) {
      throw new UnreadableBill(BillingFailure.BILL_UNREADABLE);
    }
    Optional<String> text = Optional.ofNullable(texts.get(name));
    if (text.isPresent() && !ModelName.isValid(text.get())) {
      throw new UnreadableBill(BillingFailure.BILL_UNREADABLE);
    }
    return text;
  }

  Optional<ModelName> model() {
    return text("model").map(ModelName::new);
  }

  /** Returns a count. Throws {@link UnreadableBill} if the result has no such count. */
  long count(String name) {
    return optionalCount(name)
        .orElseThrow(() -> new UnreadableBill(BillingFailure.BILL_UNREADABLE));
  }

  /** Returns a count; empty if the result has no such count. */
  Optional<Long> optionalCount(String name) {
    if (texts.containsKey(name)) {
      throw new UnreadableBill(BillingFailure.AMOUNT_INVALID);
    }
    return Optional.ofNullable(numbers.get(name)).map(BillRow::whole);
  }

  private static long whole(BigDecimal number) {
    if (number.signum() == 0) {
      return 0;
    }
    if (isOddlyWritten(number)
        || number.signum() < 0
        || number.compareTo(MOST_COUNTED) > 0
        || number.stripTrailingZeros().scale() > 0) {
      throw new UnreadableBill(BillingFailure.AMOUNT_INVALID);
    }
    return number.longValueExact();
  }

  /**
   * Returns an amount of money in nano-dollars, rounded to the nearest nano-dollar.
   *
   * @param name a path whose value is a number, or a text that contains a decimal number
   * @param decimals the power of ten that converts dollars to the provider's unit: 2 for cents
   */
  long nanoDollars(String name, int decimals) {
    BigDecimal stated = numbers.containsKey(name) ? numbers.get(name) : decimal(texts.get(name));
    if (stated.signum() == 0) {
      return 0;
    }
    if (isOddlyWritten(stated) || stated.signum() < 0) {
      throw new UnreadableBill(BillingFailure.AMOUNT_INVALID);
    }
    BigDecimal dollars = stated.movePointLeft(decimals);
    if (dollars.compareTo(MOST_DOLLARS) > 0) {
      throw new UnreadableBill(BillingFailure.AMOUNT_INVALID);
    }
    return dollars.movePointRight(NANO).setScale(0, RoundingMode.HALF_EVEN).longValueExact();
  }

  private static BigDecimal decimal(@Nullable String text) {
    if (text == null || !DECIMAL.matcher(text).matches()) {
      throw new UnreadableBill(BillingFailure.AMOUNT_INVALID);
    }
    return new BigDecimal(text);
  }

  /**
   * Whether the number has so many digits or so large an exponent that computing with the number
   * could take long. For example, the text {@code 1e-1000000000} is short, but the number has a
   * billion decimal places.
   */
  private static boolean isOddlyWritten(BigDecimal number) {
    return Math.abs((long) number.scale()) > MOST_DIGITS || number.precision() > MOST_DIGITS;
  }
}
