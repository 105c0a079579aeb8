package io.claviger.domain.bills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.ModelName;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ProviderFiguresTest {
  private static final LocalDate DAY = LocalDate.of(2026, 11, 20);
  private static final Instant NOW = Instant.parse("2026-11-21T01:00:00Z");

  @Test
  void usage_of_one_subject_is_added_and_never_overflows() {
    BilledUsage one = usage("gpt-5", "standard", 3, fees("web_search", 2));
    BilledUsage sum = one.plus(usage("gpt-5", "standard", Long.MAX_VALUE, fees("image", 1)));

    assertThat(sum.subject()).isEqualTo(one.subject());
    assertThat(sum.tokens()).isEqualTo(new BilledUsage.Tokens(2, 4, 6, 8, Long.MAX_VALUE));
    assertThat(sum.fees()).containsExactly(Map.entry("image", 1L), Map.entry("web_search", 2L));
    assertThatThrownBy(() -> one.plus(usage("gpt-5", "flex", 1, fees("image", 1))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void negative_amounts_and_unprintable_text_are_no_figures() {
    assertThatThrownBy(() -> usage("gpt-5", "standard", -1, fees("image", 1)))
        .isInstanceOf(InvalidValue.class);
    assertThatThrownBy(() -> usage("gpt-5", "standard", 1, fees("image", -1)))
        .isInstanceOf(InvalidValue.class);
    assertThatThrownBy(() -> usage("gpt-5", "a\nb", 1, fees("image", 1)))
        .isInstanceOf(InvalidValue.class);
    assertThatThrownBy(() -> cost("x".repeat(257), "USD", 1)).isInstanceOf(InvalidValue.class);
    assertThatThrownBy(() -> cost("input", "usd", 1)).isInstanceOf(InvalidValue.class);
    assertThatThrownBy(() -> cost("input", "USDT", 1)).isInstanceOf(InvalidValue.class);
    assertThatThrownBy(() -> cost("input", "USD", -1)).isInstanceOf(InvalidValue.class);
  }

  @Test
  void figures_have_each_row_once() {
    BilledUsage usage = usage("gpt-5", "standard", 1, fees("image", 1));
    BilledCost cost = cost("input", "USD", 7);

    assertThat(new ProviderFigures(List.of(usage), List.of(cost), NOW).costs())
        .containsExactly(cost);
    assertThatThrownBy(() -> new ProviderFigures(List.of(usage, usage), List.of(), NOW))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new ProviderFigures(List.of(), List.of(cost, cost("input", "USD", 8)), NOW))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void every_failure_explains_itself() {
    for (BillingFailure failure : BillingFailure.values()) {
      assertThat(failure.explanation()).endsWith(".");
    }
  }

  private static SortedMap<String, Long> fees(String what, long pieces) {
    return new TreeMap<>(Map.of(what, pieces));
  }

  private static BilledUsage usage(
      String model, String tier, long output, SortedMap<String, Long> fees) {
    return new BilledUsage(
        DAY,
        Optional.of(new ModelName(model)),
        Optional.of("key_1"),
        Optional.of(tier),
        1,
        new BilledUsage.Tokens(1, 2, 3, 4, output),
        fees);
  }

  private static BilledCost cost(String line, String currency, long amount) {
    return new BilledCost(
        DAY, Optional.of(line), Optional.of(new ModelName("gpt-5")), currency, amount);
  }
}
