package io.claviger.console.page;

import io.claviger.application.shared.PageRequest;
import io.claviger.domain.InvalidValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads numbers as people type them, and writes numbers as people read them. */
public final class Numbers {
  private static final Pattern GROUPED = Pattern.compile("[0-9]{1,3}(?:,[0-9]{3})+(?:\\.[0-9]+)?");
  private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,20}(?:\\.[0-9]{1,20})?");

  private static final int CENTS = 2;
  private static final int MOST_DECIMALS = 4;

  private Numbers() {}

  /**
   * Reads a decimal number that is not negative, such as {@code 12.50}. A comma may only separate
   * thousands. So {@code 12,50} is refused instead of being read as 1250.
   *
   * @throws InvalidValue if the text is not such a decimal number
   */
  public static BigDecimal decimal(String text) {
    return found(text).orElseThrow(() -> new InvalidValue("", "a number, such as 1000 or 12.50"));
  }

  /** Reads a decimal number like {@link #decimal}; empty if the text is not such a number. */
  public static Optional<BigDecimal> found(String text) {
    String number = ungrouped(text);
    return DECIMAL.matcher(number).matches()
        ? Optional.of(new BigDecimal(number))
        : Optional.empty();
  }

  /**
   * Returns the text of a whole number with separators between thousands, such as {@code
   * 1,234,567}.
   */
  public static String shown(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /**
   * Writes how many entries a list has. If not all entries were counted, the words "or more" follow
   * the number.
   */
  public static String counted(int count) {
    return shown(count) + (count >= PageRequest.MOST_COUNTED ? " or more" : "");
  }

  /** Writes how many entries a list has, followed by the noun for the entries. */
  public static String counted(int count, String one, String several) {
    return counted(count) + " " + (count == 1 ? one : several);
  }

  /**
   * Writes a number with all its decimals, and with its thousands separated, such as {@code
   * 1,234.50}.
   */
  public static String shown(BigDecimal number) {
    return String.format(Locale.ROOT, "%,." + Math.max(0, number.scale()) + "f", number);
  }

  /**
   * Returns an amount of dollars as people write it, with at least two decimal places: {@code
   * $1,234.50}. Amounts below one dollar are rounded to at most four decimal places, such as {@code
   * $0.0125}.
   */
  public static String dollars(BigDecimal amount) {
    int decimals = amount.abs().compareTo(BigDecimal.ONE) < 0 ? MOST_DECIMALS : CENTS;
    return signed(withCents(amount.setScale(decimals, RoundingMode.HALF_UP)));
  }

  /**
   * Writes dollars with all their decimal places, but without cents if the cents are zero, such as
   * {@code $20}.
   */
  public static String exactDollars(BigDecimal amount) {
    BigDecimal exact = amount.stripTrailingZeros();
    return signed(exact.scale() <= 0 ? exact.setScale(0) : withCents(exact));
  }

  private static BigDecimal withCents(BigDecimal amount) {
    BigDecimal stripped = amount.stripTrailingZeros();
    return stripped.setScale(Math.max(CENTS, stripped.scale()));
  }

  private static String signed(BigDecimal amount) {
    return (amount.signum() < 0 ? "−$" : "$") + shown(amount.abs());
  }

  private static String ungrouped(String text) {
    return GROUPED.matcher(text).matches() ? text.replace(",", "") : text;
  }
}
