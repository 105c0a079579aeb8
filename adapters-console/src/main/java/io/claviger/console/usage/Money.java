package io.claviger.console.usage;

import io.claviger.console.page.Numbers;
import java.math.BigDecimal;

final class Money {
  private static final int NANO_DIGITS = 9;

  private Money() {}

  static BigDecimal dollars(long nanoDollars) {
    return BigDecimal.valueOf(nanoDollars, NANO_DIGITS);
  }

  /**
   * Writes an amount with its unit. Amounts below one dollar are rounded to at most four decimal
   * places, and all other amounts to a cent.
   */
  static String shown(long nanoDollars) {
    return Numbers.dollars(dollars(nanoDollars));
  }
}
