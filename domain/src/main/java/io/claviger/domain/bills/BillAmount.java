package io.claviger.domain.bills;

import io.claviger.domain.InvalidValue;
import java.math.BigDecimal;

/**
 * Converts amounts of bills between decimal numbers and billionths of a currency, without rounding.
 */
public final class BillAmount {
  /** The largest amount: a billion units of the currency. */
  public static final long MOST = 1_000_000_000_000_000_000L;

  private static final int DECIMALS = 9;
  private static final String ALLOWED = "0 to 1,000,000,000, with up to 9 decimals";

  private BillAmount() {}

  /**
   * Reads an amount from its text.
   *
   * @param field the field that the exception names
   * @throws InvalidValue when the amount is negative, too large, or finer than a billionth
   */
  public static long parse(String field, BigDecimal written) {
    if (written.signum() < 0 || written.compareTo(BigDecimal.valueOf(MOST, DECIMALS)) > 0) {
      throw new InvalidValue(field, ALLOWED);
    }
    // Numbers are compared before anything else, because a comparison does not write them out.
    // Written out, a number such as 1e-1000000000 has a billion digits.
    if (written.signum() != 0
        && (written.compareTo(BigDecimal.ONE.movePointLeft(DECIMALS)) < 0
            || written.stripTrailingZeros().scale() > DECIMALS)) {
      throw new InvalidValue(field, ALLOWED);
    }
    return written.signum() == 0 ? 0 : written.movePointRight(DECIMALS).longValueExact();
  }

  /** Writes an amount, which may be negative, without an exponent and without superfluous zeros. */
  public static String text(long billionths) {
    return billionths == 0
        ? "0"
        : BigDecimal.valueOf(billionths, DECIMALS).stripTrailingZeros().toPlainString();
  }
}
