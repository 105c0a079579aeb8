package io.claviger.domain.budgets;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.budgets.BudgetReplay.Quarter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class BudgetReplayTest {
  /** A Monday. */
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

  private static Budget budget(long amount, BudgetUnit unit, BudgetWindow window, String zone) {
    return new Budget(amount, unit, window, new BudgetZone(zone), BudgetBound.MEASURED, false);
  }

  private static Quarter quarter(Duration after, long requests, long tokens) {
    return new Quarter(START.plus(after), requests, tokens, tokens * 10);
  }

  @Test
  void calls_pass_until_the_budget_is_used_up() {
    List<Quarter> quarters =
        List.of(
            quarter(Duration.ZERO, 3, 30),
            quarter(Duration.ofMinutes(15), 4, 40),
            quarter(Duration.ofMinutes(30), 5, 50));

    assertThat(BudgetReplay.of(budget(5, BudgetUnit.REQUESTS, BudgetWindow.DAY, "UTC"), quarters))
        .isEqualTo(new BudgetReplay(12, 7, Optional.of(START.plus(Duration.ofMinutes(15)))));
    assertThat(BudgetReplay.of(budget(90, BudgetUnit.TOKENS, BudgetWindow.DAY, "UTC"), quarters))
        .isEqualTo(new BudgetReplay(12, 3, Optional.of(START.plus(Duration.ofMinutes(30)))));
    assertThat(BudgetReplay.of(budget(1_200, BudgetUnit.USD, BudgetWindow.DAY, "UTC"), quarters))
        .isEqualTo(new BudgetReplay(12, 0, Optional.empty()));
  }

  @Test
  void each_window_begins_anew() {
    List<Quarter> quarters =
        List.of(
            quarter(Duration.ofHours(22), 5, 0),
            quarter(Duration.ofHours(24), 5, 0),
            quarter(Duration.ofDays(7), 5, 0),
            quarter(Duration.ofDays(31), 5, 0));

    assertThat(refused(BudgetWindow.DAY, "UTC", quarters)).isZero();
    assertThat(refused(BudgetWindow.DAY, "Europe/Berlin", quarters)).isZero();
    assertThat(refused(BudgetWindow.DAY, "America/New_York", quarters)).isEqualTo(5);
    assertThat(refused(BudgetWindow.WEEK, "UTC", quarters)).isEqualTo(5);
    assertThat(refused(BudgetWindow.MONTH, "UTC", quarters)).isEqualTo(10);
    assertThat(refused(BudgetWindow.TOTAL, "UTC", quarters)).isEqualTo(15);
  }

  private static long refused(BudgetWindow window, String zone, List<Quarter> quarters) {
    return BudgetReplay.of(budget(5, BudgetUnit.REQUESTS, window, zone), quarters).refused();
  }

  @Test
  void what_costs_nothing_passes_a_budget_that_is_used_up() {
    List<Quarter> quarters =
        List.of(quarter(Duration.ZERO, 3, 30), quarter(Duration.ofMinutes(15), 4, 0));

    assertThat(BudgetReplay.of(budget(30, BudgetUnit.TOKENS, BudgetWindow.DAY, "UTC"), quarters))
        .isEqualTo(new BudgetReplay(7, 0, Optional.empty()));
  }

  @Test
  void nothing_used_is_nothing_refused() {
    assertThat(BudgetReplay.of(budget(5, BudgetUnit.USD, BudgetWindow.DAY, "UTC"), List.of()))
        .isEqualTo(BudgetReplay.NONE);
  }
}
