package io.claviger.console.usage;

import io.claviger.console.page.Numbers;
import java.math.BigDecimal;
import java.math.RoundingMode;

final class Money {
  private static final int NANO_DIGITS = 9;
  private static final int SHOWN_DIGITS = 4;

  private Money() {}

  static BigDecimal dollars(long nanoDollars) {
    return BigDecimal.valueOf(nanoDollars, NANO_DIGITS);
  }

  /** Writes an amount with its unit, rounded to a hundredth of a cent. */
  static String shown(long nanoDollars) {
    return Numbers.shown(dollars(nanoDollars).setScale(SHOWN_DIGITS, RoundingMode.HALF_UP)) + " $";
  }
}
