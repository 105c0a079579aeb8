package io.claviger.domain.bills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.InvalidValue;
import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class InvoiceTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "0e-99, 0, 0",
    "12.50, 12500000000, 12.5",
    "0.000000001, 1, 0.000000001",
    "1e9, 1000000000000000000, 1000000000",
    "3.000000000000000000, 3000000000, 3"
  })
  void an_amount_is_read_and_written_exactly(String written, long nano, String text) {
    assertThat(BillAmount.parse("total", new BigDecimal(written))).isEqualTo(nano);
    assertThat(BillAmount.text(nano)).isEqualTo(text);
    assertThat(BillAmount.text(-nano)).isEqualTo(nano == 0 ? "0" : "-" + text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-1", "-0.000000001", "0.0000000001", "1.0000000001", "1000000000.000000001"})
  void an_amount_that_no_bill_has_is_refused(String written) {
    assertThatThrownBy(() -> BillAmount.parse("total", new BigDecimal(written)))
        .isInstanceOf(InvalidValue.class);
  }

  @Test
  void numbers_that_would_need_a_billion_digits_are_refused_at_once() {
    for (String written : new String[] {"1e-1000000000", "1e1000000000", "-1e1000000000"}) {
      assertThatThrownBy(() -> BillAmount.parse("total", new BigDecimal(written)))
          .isInstanceOf(InvalidValue.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2019-12", "2200-01", "2026-13", "2026-00", "2026-1", "26-01", "2026-01-01", ""})
  void what_is_no_month_is_refused(String text) {
    assertThatThrownBy(() -> Invoice.month(text)).isInstanceOf(InvalidValue.class);
  }

  @Test
  void a_month_is_read() {
    assertThat(Invoice.month("2026-02")).isEqualTo(YearMonth.of(2026, 2));
  }

  @Test
  void the_amounts_of_models_add_up_to_the_total_or_there_are_none() {
    assertThat(content(3, "USD", Map.of("a", 1L, "b", 2L)).models()).hasSize(2);
    assertThat(content(3, "EUR", Map.of()).isInDollars()).isFalse();
    assertThat(content(0, "USD", Map.of("a", 0L)).isInDollars()).isTrue();
    for (Map<String, Long> wrong :
        List.of(
            Map.of("a", 2L),
            Map.of("a", 4L, "b", -1L),
            Map.of("a", Long.MAX_VALUE, "b", Long.MAX_VALUE),
            Map.of("", 3L))) {
      assertThatThrownBy(() -> content(3, "USD", wrong)).isInstanceOf(InvalidValue.class);
    }
    SortedMap<String, Long> many = new TreeMap<>();
    IntStream.range(0, 201).forEach(n -> many.put("m" + n, 1L));
    assertThatThrownBy(() -> content(201, "USD", many)).isInstanceOf(InvalidValue.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "usd", "US", "USDT", "U$D", "US\n"})
  void what_is_no_currency_is_refused(String currency) {
    assertThatThrownBy(() -> content(1, currency, Map.of())).isInstanceOf(InvalidValue.class);
  }

  private static Invoice.Content content(long total, String currency, Map<String, Long> models) {
    return new Invoice.Content(total, currency, new TreeMap<>(models));
  }
}
