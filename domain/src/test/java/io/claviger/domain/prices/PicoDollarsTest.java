package io.claviger.domain.prices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.InvalidValue;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PicoDollarsTest {
  @ParameterizedTest
  @CsvSource({
    "1.75, 1750000",
    "0, 0",
    "0.000001, 1",
    "1000000000, 1000000000000000",
    "1E+1, 10000000"
  })
  void a_dollar_for_a_million_tokens_is_a_million_pico_dollars_for_one(String dollars, long pico) {
    assertThat(PicoDollars.parse(Rate.INPUT, new BigDecimal(dollars))).isEqualTo(pico);
    assertThat(new BigDecimal(PicoDollars.text(Rate.INPUT, pico)))
        .isEqualByComparingTo(new BigDecimal(dollars));
  }

  @ParameterizedTest
  @CsvSource({"0.04, 40000000000", "0.000000000001, 1", "1000, 1000000000000000"})
  void a_piece_is_stated_as_what_one_costs(String dollars, long pico) {
    assertThat(PicoDollars.parse(Rate.IMAGE, new BigDecimal(dollars))).isEqualTo(pico);
    assertThat(PicoDollars.text(Rate.IMAGE, pico)).isEqualTo(dollars);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-1", "-0.000001", "0.0000001", "1000000000.1", "1e1000000000", "1e-1000000000"})
  void a_rate_that_is_no_whole_number_of_pico_dollars_is_refused(String dollars) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> PicoDollars.parse(Rate.OUTPUT, new BigDecimal(dollars)));
  }

  @Test
  void what_one_token_costs_is_rounded_up() {
    assertThat(PicoDollars.roundUp(Rate.INPUT, new BigDecimal("1.5e-07"))).isEqualTo(150_000);
    assertThat(PicoDollars.roundUp(Rate.INPUT, new BigDecimal("1.33333333333e-07")))
        .isEqualTo(133_334);
    assertThat(PicoDollars.roundUp(Rate.INPUT, new BigDecimal("1e-30"))).isEqualTo(1);
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> PicoDollars.roundUp(Rate.INPUT, new BigDecimal("-1e-30")));
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> PicoDollars.roundUp(Rate.INPUT, new BigDecimal("1000.1")));
  }
}
