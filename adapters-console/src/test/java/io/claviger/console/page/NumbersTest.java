package io.claviger.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How money is written. */
class NumbersTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|$0.00|$0",
        "20|$20.00|$20",
        "20.000000|$20.00|$20",
        "12.5|$12.50|$12.50",
        "1234.567|$1,234.57|$1,234.567",
        "0.0125|$0.0125|$0.0125",
        "0.00004|$0.00|$0.00004",
        "-3.5|−$3.50|−$3.50"
      })
  void dollars_have_their_sign_before_them_and_cents(String amount, String rounded, String exact) {
    assertThat(Numbers.dollars(new BigDecimal(amount))).isEqualTo(rounded);
    assertThat(Numbers.exactDollars(new BigDecimal(amount))).isEqualTo(exact);
  }
}
