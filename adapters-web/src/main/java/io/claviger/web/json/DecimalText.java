package io.claviger.web.json;

import io.claviger.domain.InvalidValue;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/** Reads decimal numbers as people and programs write them. */
final class DecimalText {
  /**
   * A number with at most 20 digits before and at most 20 digits after the decimal point, and
   * optionally an exponent of at most two digits. An exponent is allowed because programs write
   * small numbers with an exponent.
   */
  private static final Pattern DECIMAL =
      Pattern.compile("-?[0-9]{1,20}(\\.[0-9]{1,20})?([eE][-+]?[0-9]{1,2})?");

  private DecimalText() {}

  static BigDecimal parse(String text) {
    if (!DECIMAL.matcher(text).matches()) {
      throw new InvalidValue("", "a decimal number such as 12.5, with at most 20 decimals");
    }
    return new BigDecimal(text);
  }
}
