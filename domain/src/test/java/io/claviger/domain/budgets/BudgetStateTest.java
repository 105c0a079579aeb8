package io.claviger.domain.budgets;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is left, and until when. */
final class BudgetStateTest {
  private static final Instant BEGIN = Instant.parse("2026-03-01T00:00:00Z");
  private static final Instant END = Instant.parse("2026-04-01T00:00:00Z");
  private static final Instant TENTH = Instant.parse("2026-03-11T00:00:00Z");

  private static Budget of(long amount) {
    return new Budget(
        amount, BudgetUnit.USD, BudgetWindow.MONTH, BudgetZone.UTC, BudgetBound.MEASURED, false);
  }

  private static BudgetState settled(long amount, BudgetRaise... raises) {
    return new BudgetState(amount, 0, BEGIN, Optional.of(END), Optional.of(BEGIN), List.of(raises));
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
  void the_largest_amounts_do_not_overflow() {
    BudgetRaise most = raise(BudgetUnit.USD.most());
    BudgetRaise[] raises = {most, most, most, most, most, most, most, most, most, most};

    assertThat(settled(0, raises).allowed(of(BudgetUnit.USD.most()))).isEqualTo(Long.MAX_VALUE);
    assertThat(settled(BudgetUnit.USD.most() - 1).forecast(of(BudgetUnit.USD.most()), TENTH))
        .contains(TENTH);
  }

  @Test
  void the_forecast_follows_the_average_pace() {
    // 50 in ten days, so the other 50 in ten more.
    assertThat(settled(50).forecast(of(100), TENTH)).contains(TENTH.plus(Duration.ofDays(10)));
  }

  @Test
  void the_pace_is_that_since_the_account_began() {
    BudgetState late =
        new BudgetState(
            50,
            0,
            BEGIN,
            Optional.of(END),
            Optional.of(TENTH.minus(Duration.ofDays(1))),
            List.of());

    assertThat(late.forecast(of(100), TENTH)).contains(TENTH.plus(Duration.ofDays(1)));
  }

  @Test
  void a_window_that_ends_before_has_no_forecast() {
    assertThat(settled(10).forecast(of(100), TENTH)).isEmpty();
  }

  @Test
  void a_budget_that_is_used_up_has_been_since_now() {
    Instant within = TENTH.plusMillis(700);

    assertThat(settled(100).forecast(of(100), within)).contains(within);
    assertThat(settled(140).forecast(of(100), within)).contains(within);
    assertThat(settled(140).forecast(of(100), BEGIN)).contains(BEGIN);
  }

  @Test
  void what_was_charged_in_earlier_windows_does_not_slow_the_pace() {
    BudgetState old =
        new BudgetState(
            50,
            0,
            BEGIN,
            Optional.of(END),
            Optional.of(BEGIN.minus(Duration.ofDays(90))),
            List.of());

    assertThat(old.forecast(of(100), TENTH)).contains(TENTH.plus(Duration.ofDays(10)));
  }

  @Test
  void nothing_used_and_no_time_passed_have_no_forecast() {
    assertThat(settled(0).forecast(of(100), TENTH)).isEmpty();
    assertThat(settled(10).forecast(of(100), BEGIN)).isEmpty();
  }

  @Test
  void a_budget_without_end_is_not_forecast_for_centuries() {
    BudgetState slow =
        new BudgetState(1, 0, BEGIN, Optional.empty(), Optional.of(BEGIN), List.of());

    assertThat(slow.forecast(of(BudgetUnit.USD.most()), TENTH)).isEmpty();
    assertThat(slow.forecast(of(2), TENTH)).contains(TENTH.plus(Duration.ofDays(10)));
    assertThat(slow.forecast(of(366), TENTH)).contains(TENTH.plus(Duration.ofDays(3_650)));
    assertThat(slow.forecast(of(367), TENTH)).isEmpty();
  }
}
