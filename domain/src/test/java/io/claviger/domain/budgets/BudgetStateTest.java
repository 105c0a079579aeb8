package io.claviger.domain.budgets;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Tests what is left of a budget, and until when. */
final class BudgetStateTest {
  private static final Instant BEGIN = Instant.parse("2026-03-01T00:00:00Z");
  private static final Instant END = Instant.parse("2026-04-01T00:00:00Z");
  private static final Instant TENTH = Instant.parse("2026-03-11T00:00:00Z");

  private static Budget of(long amount) {
    return new Budget(
        amount, BudgetUnit.USD, BudgetWindow.MONTH, BudgetZone.UTC, BudgetBound.MEASURED, false);
  }

  private static BudgetState settled(long amount, BudgetRaise... raises) {
    return settledSince(BEGIN, amount, raises);
  }

  private static BudgetState settledSince(Instant began, long amount, BudgetRaise... raises) {
    return new BudgetState(
        amount,
        0,
        OptionalLong.empty(),
        BEGIN,
        Optional.of(END),
        Optional.of(began),
        List.of(raises),
        true);
  }

  private static BudgetRaise raise(long amount) {
    return new BudgetRaise(new UUID(0, amount), amount, END, BEGIN);
  }

  @Test
  void raises_add_to_what_is_allowed() {
    assertThat(settled(40, raise(7), raise(3)).allowed(of(100))).isEqualTo(110);
    assertThat(settled(40, raise(7), raise(3)).left(of(100))).isEqualTo(70);
  }

  @Test
  void what_was_used_beyond_the_budget_leaves_nothing() {
    assertThat(settled(140).left(of(100))).isZero();
  }

  @Test
  void the_percentage_is_rounded_down_and_ends_at_a_hundred() {
    assertThat(settled(0).percentUsed(of(100))).isZero();
    assertThat(settled(799).percentUsed(of(1000))).isEqualTo(79);
    assertThat(settled(100).percentUsed(of(100))).isEqualTo(100);
    assertThat(settled(140).percentUsed(of(100))).isEqualTo(100);
    assertThat(settled(100, raise(100)).percentUsed(of(100))).isEqualTo(50);
    long most = BudgetUnit.USD.most();
    assertThat(settled(most - 1).percentUsed(of(most))).isEqualTo(99);
  }

  @Test
  void what_is_reserved_has_at_most_the_part_that_is_not_used() {
    assertThat(reserved(40, 0).percentReserved(of(100))).isZero();
    assertThat(reserved(40, 25).percentReserved(of(100))).isEqualTo(25);
    assertThat(reserved(0, 1).percentReserved(of(1000))).isEqualTo(1);
    assertThat(reserved(995, 50).percentReserved(of(1000))).isEqualTo(1);
    assertThat(reserved(140, 10).percentReserved(of(100))).isZero();
    long most = BudgetUnit.USD.most();
    assertThat(reserved(1, most).percentReserved(of(most))).isEqualTo(100);
  }

  private static BudgetState reserved(long settled, long reserved) {
    return new BudgetState(
        settled,
        reserved,
        OptionalLong.empty(),
        BEGIN,
        Optional.of(END),
        Optional.of(BEGIN),
        List.of(),
        true);
  }

  @Test
  void the_largest_amounts_do_not_overflow() {
    BudgetRaise most = raise(BudgetUnit.USD.most());
    BudgetRaise[] raises = {most, most, most, most, most, most, most, most, most, most};

    assertThat(settled(0, raises).allowed(of(BudgetUnit.USD.most()))).isEqualTo(Long.MAX_VALUE);
    assertThat(settled(BudgetUnit.USD.most() - 1).forecast(of(BudgetUnit.USD.most()), TENTH).at())
        .contains(TENTH);
  }

  @Test
  void the_forecast_follows_the_average_pace() {
    // 50 in ten days, so the other 50 in ten more.
    assertThat(settled(50).forecast(of(100), TENTH).at()).contains(TENTH.plus(Duration.ofDays(10)));
  }

  @Test
  void the_pace_is_that_since_the_account_began() {
    BudgetState late = settledSince(TENTH.minus(Duration.ofDays(1)), 50);

    assertThat(late.forecast(of(100), TENTH).at()).contains(TENTH.plus(Duration.ofDays(1)));
  }

  @Test
  void a_window_that_ends_before_has_no_forecast() {
    assertThat(settled(10).forecast(of(100), TENTH).at()).isEmpty();
  }

  @Test
  void a_budget_that_is_used_up_has_been_since_now() {
    Instant within = TENTH.plusMillis(700);

    assertThat(settled(100).forecast(of(100), within).at()).contains(within);
    assertThat(settled(140).forecast(of(100), within).at()).contains(within);
    assertThat(settled(140).forecast(of(100), BEGIN).at()).contains(BEGIN);
  }

  @Test
  void what_was_charged_in_earlier_windows_does_not_slow_the_pace() {
    BudgetState old = settledSince(BEGIN.minus(Duration.ofDays(90)), 50);

    assertThat(old.forecast(of(100), TENTH).at()).contains(TENTH.plus(Duration.ofDays(10)));
  }

  @Test
  void nothing_used_and_no_time_passed_have_no_forecast() {
    assertThat(settled(0).forecast(of(100), TENTH).at()).isEmpty();
    assertThat(settled(10).forecast(of(100), BEGIN).at()).isEmpty();
  }

  @Test
  void a_budget_without_end_is_not_forecast_for_centuries() {
    BudgetState slow =
        new BudgetState(
            1,
            0,
            OptionalLong.empty(),
            BEGIN,
            Optional.empty(),
            Optional.of(BEGIN),
            List.of(),
            true);

    assertThat(slow.forecast(of(BudgetUnit.USD.most()), TENTH).at()).isEmpty();
    assertThat(slow.forecast(of(2), TENTH).at()).contains(TENTH.plus(Duration.ofDays(10)));
    assertThat(slow.forecast(of(366), TENTH).at()).contains(TENTH.plus(Duration.ofDays(3_650)));
    assertThat(slow.forecast(of(367), TENTH).at()).isEmpty();
  }

  @Test
  void the_range_gets_narrower_with_each_day() {
    // After 4 days the pace may be wrong by the factor 1.5, after 16 days by 1.25.
    for (int days : List.of(4, 16)) {
      Instant now = BEGIN.plus(Duration.ofDays(days));
      BudgetForecast forecast = endless(10, 0).forecast(of(100), now);
      long seconds = Duration.ofDays(9L * days).toSeconds();
      double wrongBy = days == 4 ? 1.5 : 1.25;
      assertThat(forecast.at()).contains(now.plusSeconds(seconds));
      assertThat(forecast.earliest()).contains(now.plusSeconds((long) (seconds / wrongBy)));
      assertThat(forecast.latest()).contains(now.plusSeconds((long) (seconds * wrongBy)));
    }
  }

  @Test
  void what_is_reserved_may_be_used_up_soon() {
    assertThat(endless(10, 90).forecast(of(100), TENTH).earliest()).contains(TENTH);
    assertThat(endless(10, 90).forecast(of(100), TENTH).latest())
        .isEqualTo(endless(10, 0).forecast(of(100), TENTH).latest());
  }

  @Test
  void a_range_holds_the_forecast_whatever_was_used_and_ends_with_the_window() {
    for (long amount : List.of(1L, 7L, 40L, 99L, 100L, 140L)) {
      for (long reserved : List.of(0L, 1L, 60L, 1_000L)) {
        for (int hour : List.of(1, 30, 500, 743)) {
          Instant now = BEGIN.plus(Duration.ofHours(hour));
          BudgetForecast forecast =
              new BudgetState(
                      amount,
                      reserved,
                      OptionalLong.empty(),
                      BEGIN,
                      Optional.of(END),
                      Optional.empty(),
                      List.of(),
                      true)
                  .forecast(of(100), now);
          Instant at = forecast.at().orElse(END);
          assertThat(forecast.earliest().orElse(END)).isBetween(now, at);
          assertThat(forecast.latest().orElse(END)).isBetween(at, END);
        }
      }
    }
  }

  @Test
  void only_measured_budgets_of_money_and_tokens_can_be_exceeded_and_by_the_dearest_call() {
    BudgetState before = endless(10, 0);
    BudgetState after =
        new BudgetState(
            10,
            0,
            OptionalLong.of(7),
            BEGIN,
            Optional.empty(),
            Optional.of(BEGIN),
            List.of(),
            true);
    for (BudgetUnit unit : BudgetUnit.values()) {
      for (BudgetBound bound : BudgetBound.values()) {
        Budget budget = new Budget(100, unit, BudgetWindow.MONTH, BudgetZone.UTC, bound, false);
        boolean isExact = bound == BudgetBound.STRICT || unit == BudgetUnit.REQUESTS;
        assertThat(after.mayExceedBy(budget)).hasValue(isExact ? 0 : 7);
        assertThat(before.mayExceedBy(budget))
            .isEqualTo(isExact ? OptionalLong.of(0) : OptionalLong.empty());
      }
    }
  }

  @Test
  void calls_without_a_price_do_not_exceed_a_budget_of_dollars() {
    BudgetState state =
        new BudgetState(
            0,
            0,
            OptionalLong.of(Budget.LEAST_DOLLARS),
            BEGIN,
            Optional.empty(),
            Optional.of(BEGIN),
            List.of(),
            true);
    for (BudgetUnit unit : List.of(BudgetUnit.USD, BudgetUnit.TOKENS)) {
      Budget budget =
          new Budget(100, unit, BudgetWindow.MONTH, BudgetZone.UTC, BudgetBound.MEASURED, false);
      assertThat(state.mayExceedBy(budget)).hasValue(unit == BudgetUnit.USD ? 0 : 1);
    }
  }

  private static BudgetState endless(long settled, long reserved) {
    return new BudgetState(
        settled,
        reserved,
        OptionalLong.empty(),
        BEGIN,
        Optional.empty(),
        Optional.of(BEGIN),
        List.of(),
        true);
  }
}
