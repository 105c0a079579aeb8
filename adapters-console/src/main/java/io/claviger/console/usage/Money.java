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

  /** Writes dollars without their unit, with cents and as much of the rest as is not zero. */
  static String brief(BigDecimal dollars) {
    BigDecimal rounded = dollars.setScale(SHOWN_DIGITS, RoundingMode.HALF_UP).stripTrailingZeros();
    return Numbers.shown(rounded.setScale(Math.max(2, rounded.scale())));
  }

  /** Writes an amount with its unit, rounded to a hundredth of a cent. */
  static String shown(long nanoDollars) {
    return Numbers.shown(dollars(nanoDollars).setScale(SHOWN_DIGITS, RoundingMode.HALF_UP)) + " $";
  }
}
