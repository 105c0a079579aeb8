package io.claviger.domain.prices;

import io.claviger.domain.InvalidValue;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Converts rates and fees between decimal numbers and pico-dollars. Each method is exact unless its
 * description says that it rounds. People state the price of a million tokens or of one piece.
 */
public final class PicoDollars {
  private static final int DECIMALS = 12;
  private static final int TOKENS_STATED = 6;

  /** The greatest number of digits in a rate. Numbers with more digits are refused. */
  private static final int MOST_DIGITS = 60;

  private PicoDollars() {}

  /**
   * Parses a rate that people have stated.
   *
   * @param dollars the price in dollars of a million tokens, or of one piece
   * @throws InvalidValue when the number is negative, too large, or finer than a pico-dollar
   */
  public static long parse(Rate rate, BigDecimal dollars) {
    return parse(
        dollars,
        decimals(rate),
        rate.wireName(),
        rate.isOfTokens()
            ? "dollars per million tokens, 0 to 1,000,000,000, with up to 6 decimals"
            : "dollars for one piece, 0 to 1,000, with up to 12 decimals");
  }

  /**
   * Reads the amount of a fee.
   *
   * @throws InvalidValue when the number is negative, too large, or finer than a pico-dollar
   */
  public static long parse(BigDecimal dollars) {
    return parse(dollars, DECIMALS, "amount", "dollars, 0 to 1,000, with up to 12 decimals");
  }

  private static long parse(BigDecimal dollars, int decimals, String field, String allowed) {
    if (isBeyond(dollars, decimals) || dollars.stripTrailingZeros().scale() > decimals) {
      throw new InvalidValue(field, allowed);
    }
    return dollars.movePointRight(decimals).longValueExact();
  }

  /**
   * Converts the price of one token or piece, and rounds up to a pico-dollar.
   *
   * @param dollars the price in dollars of one token or piece
   * @throws InvalidValue when the number is negative or too large
   */
  public static long roundUp(Rate rate, BigDecimal dollars) {
    return roundUp(dollars, rate.wireName());
  }

  /**
   * Converts the amount of a fee, and rounds up to a pico-dollar.
   *
   * @throws InvalidValue when the number is negative or too large
   */
  public static long roundUp(BigDecimal dollars) {
    return roundUp(dollars, "amount");
  }

  private static long roundUp(BigDecimal dollars, String field) {
    if (isBeyond(dollars, DECIMALS)) {
      throw new InvalidValue(field, "0 to 1,000 dollars for one token or piece");
    }
    return dollars
        .setScale(DECIMALS, RoundingMode.CEILING)
        .movePointRight(DECIMALS)
        .longValueExact();
  }

  /** Writes a rate as people state it, without an exponent and without superfluous zeros. */
  public static String text(Rate rate, long pico) {
    return text(pico, decimals(rate));
  }

  /** Writes the amount of a fee. */
  public static String text(long pico) {
    return text(pico, DECIMALS);
  }

  private static String text(long pico, int decimals) {
    return BigDecimal.valueOf(pico, decimals).stripTrailingZeros().toPlainString();
  }

  private static boolean isBeyond(BigDecimal dollars, int decimals) {
    // A number such as 1e-1000000000 would need a billion digits. The scale shows this before the
    // digits are computed.
    return dollars.signum() < 0
        || Math.abs((long) dollars.scale()) > MOST_DIGITS
        || dollars.precision() > MOST_DIGITS
        || dollars.compareTo(BigDecimal.valueOf(Rates.MOST, decimals)) > 0;
  }

  private static int decimals(Rate rate) {
    return rate.isOfTokens() ? DECIMALS - TOKENS_STATED : DECIMALS;
  }
}
