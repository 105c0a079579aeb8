package io.claviger.domain.budgets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.InvalidValue;
import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetUnitTest {
  @ParameterizedTest
  @CsvSource({
    "USD, 0.000000001, 1, 0.000000001",
    "USD, 12.50, 12500000000, 12.5",
    "USD, 1000000000.000000000, 1000000000000000000, 1000000000",
    "USD, 1e2, 100000000000, 100",
    "TOKENS, 1, 1, 1",
    "TOKENS, 1e15, 1000000000000000, 1000000000000000",
    "REQUESTS, 5.00, 5, 5"
  })
  void amounts_are_converted_exactly_there_and_back(
      BudgetUnit unit, BigDecimal written, long parts, String text) {
    assertThat(unit.parts(written)).isEqualTo(parts);
    assertThat(unit.text(parts)).isEqualTo(text);
    assertThat(unit.parts(new BigDecimal(text))).isEqualTo(parts);
  }

  @ParameterizedTest
  @CsvSource({
    "USD, 0",
    "USD, -1",
    "USD, 0.0000000001",
    "USD, 1.0000000001",
    "USD, 1000000000.000000001",
    "USD, 1e2147483647",
    "USD, 1e-2147483647",
    "TOKENS, 0.5",
    "TOKENS, 1000000000000001",
    "REQUESTS, 1000000000001"
  })
  void other_amounts_are_refused(BudgetUnit unit, BigDecimal written) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> unit.parts(written));
  }

  @Test
  void a_refusal_says_what_is_allowed() {
    for (BudgetUnit unit : BudgetUnit.values()) {
      assertThatExceptionOfType(InvalidValue.class)
          .isThrownBy(() -> unit.parts(BigDecimal.ZERO))
          .withMessageContaining("%,d".formatted(Long.parseLong(unit.text(unit.most()))));
    }
  }

  @Test
  void any_amount_is_written_as_the_decimal_that_it_is() {
    Random random = new Random(9);
    for (BudgetUnit unit : BudgetUnit.values()) {
      int decimals = unit == BudgetUnit.USD ? 9 : 0;
      for (int n = 0; n < 10_000; n++) {
        long any = random.nextLong() >> random.nextInt(64);
        long round = any / 1_000_000 * 1_000_000;
        for (long parts : new long[] {any, round, Long.MIN_VALUE + n, -n, n}) {
          BigDecimal exact = BigDecimal.valueOf(parts, decimals).stripTrailingZeros();
          assertThat(unit.text(parts)).isEqualTo(exact.toPlainString());
        }
      }
    }
  }

  @Test
  void nothing_is_written_as_zero() {
    assertThat(BudgetUnit.USD.text(0)).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "utc",
        "CET",
        "EST5EDT",
        "+02:00",
        "UTC+2",
        "Europe/Atlantis",
        "Europe/ Berlin"
      })
  void a_zone_that_two_readers_could_understand_differently_is_refused(String name) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new BudgetZone(name));
  }

  @Test
  void a_zone_with_endless_parts_is_refused() {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> new BudgetZone("Europe" + "/a".repeat(1_000_000)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"})
  void a_zone_is_utc_or_has_an_area(String name) {
    assertThat(new BudgetZone(name).zoneId().getId()).isEqualTo(name);
  }
}
