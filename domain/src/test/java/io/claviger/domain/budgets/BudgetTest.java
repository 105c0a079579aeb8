package io.claviger.domain.budgets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.claviger.domain.EveryCase;
import io.claviger.domain.InvalidValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class BudgetTest {
  private static final BudgetZone BERLIN = new BudgetZone("Europe/Berlin");
  private static final Instant NOW = Instant.parse("2026-03-11T10:00:00.5Z");

  /**
   * Budgets of each kind with two amounts, every bound, and with and without permission for models
   * without a price.
   */
  private static final List<Budget> ALL = all();

  private record Pair(Budget one, Budget other) {}

  private static List<Budget> all() {
    List<Budget> all = new ArrayList<>();
    for (BudgetUnit unit : BudgetUnit.values()) {
      for (BudgetWindow window : List.of(BudgetWindow.DAY, BudgetWindow.MONTH)) {
        for (BudgetZone zone : List.of(BudgetZone.UTC, BERLIN)) {
          for (BudgetBound bound : BudgetBound.values()) {
            for (long amount : new long[] {5, 6}) {
              all.add(new Budget(amount, unit, window, zone, bound, false));
              if (unit == BudgetUnit.USD) {
                all.add(new Budget(amount, unit, window, zone, bound, true));
              }
            }
          }
        }
      }
    }
    return List.copyOf(all);
  }

  private static Stream<Pair> pairs() {
    return ALL.stream().flatMap(one -> ALL.stream().map(other -> new Pair(one, other)));
  }

  private static Budget of(long amount, BudgetUnit unit, boolean allowsUnpriced) {
    return new Budget(
        amount, unit, BudgetWindow.DAY, BudgetZone.UTC, BudgetBound.STRICT, allowsUnpriced);
  }

  @Test
  void an_amount_is_from_one_to_the_most_of_its_unit() {
    for (BudgetUnit unit : BudgetUnit.values()) {
      LongStream.of(1, unit.most())
          .forEach(amount -> assertThat(of(amount, unit, false).amount()).isEqualTo(amount));
      LongStream.of(Long.MIN_VALUE, -1, 0, unit.most() + 1, Long.MAX_VALUE)
          .forEach(
              amount ->
                  assertThatExceptionOfType(InvalidValue.class)
                      .isThrownBy(() -> of(amount, unit, false)));
    }
  }

  @Test
  void only_a_budget_in_dollars_depends_on_prices() {
    assertThat(of(1, BudgetUnit.USD, false).refusesUnpriced()).isTrue();
    assertThat(of(1, BudgetUnit.USD, true).refusesUnpriced()).isFalse();
    for (BudgetUnit unit : List.of(BudgetUnit.TOKENS, BudgetUnit.REQUESTS)) {
      assertThat(of(1, unit, false).refusesUnpriced()).isFalse();
      assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> of(1, unit, true));
    }
  }

  @Test
  void the_text_of_a_budget_says_all_of_it() {
    Budget open =
        new Budget(
            20_000_000_000L,
            BudgetUnit.USD,
            BudgetWindow.MONTH,
            BERLIN,
            BudgetBound.MEASURED,
            true);

    assertThat(open.text()).isEqualTo("20 usd/month Europe/Berlin measured unpriced allowed");
    assertThat(of(7, BudgetUnit.TOKENS, false).text()).isEqualTo("7 tokens/day UTC strict");
    assertThat(ALL.stream().map(Budget::text)).doesNotHaveDuplicates();
  }

  @Test
  void a_budget_is_within_another_if_whatever_passes_it_passes_the_other() {
    EveryCase.of(
        pairs(),
        pair -> {
          Budget one = pair.one();
          Budget other = pair.other();
          boolean sameAccount =
              one.unit() == other.unit()
                  && one.window() == other.window()
                  && one.zone().equals(other.zone());
          boolean larger = one.amount() > other.amount();
          boolean weaker = other.bound() == BudgetBound.STRICT && one.bound() != other.bound();
          boolean wider = one.allowsUnpriced() && !other.allowsUnpriced();

          assertThat(one.isWithin(other)).isEqualTo(sameAccount && !larger && !weaker && !wider);
        });
  }

  @Test
  void a_holder_without_a_budget_fits_and_is_not_within() {
    EveryCase.of(
        pairs(),
        pair -> {
          Budgets one = new Budgets(List.of(pair.one()));
          Budgets other = new Budgets(List.of(pair.other()));
          boolean shared = pair.one().key().equals(pair.other().key());
          boolean within = pair.one().isWithin(pair.other());

          assertThat(one.fitWithin(other)).isEqualTo(within || !shared);
          assertThat(one.areWithin(other)).isEqualTo(within);
          assertThat(one.find(pair.other().key()).isPresent()).isEqualTo(shared);
          assertThat(one.orElse(other)).isSameAs(one);
        });
    Budgets some = new Budgets(List.of(ALL.getFirst()));
    assertThat(Budgets.NONE.fitWithin(some)).isTrue();
    assertThat(Budgets.NONE.areWithin(some)).isFalse();
    assertThat(some.areWithin(Budgets.NONE)).isTrue();
    assertThat(Budgets.NONE.orElse(some)).isSameAs(some);
  }

  @Test
  void a_holder_has_four_budgets_of_different_keys_at_most() {
    List<Budget> four =
        Stream.of(BudgetWindow.values())
            .map(
                window ->
                    new Budget(
                        1, BudgetUnit.TOKENS, window, BudgetZone.UTC, BudgetBound.MEASURED, false))
            .toList();
    List<Budget> five = new ArrayList<>(four);
    five.add(of(1, BudgetUnit.REQUESTS, false));

    assertThatNoException().isThrownBy(() -> new Budgets(four));
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new Budgets(five));
    EveryCase.of(
        pairs().filter(pair -> pair.one().key().equals(pair.other().key())),
        pair ->
            assertThatExceptionOfType(InvalidValue.class)
                .isThrownBy(() -> new Budgets(List.of(pair.one(), pair.other()))));
  }

  @Test
  void a_charge_has_a_part_for_each_unit_and_is_never_negative() {
    Charge charge = new Charge(1, 23, OptionalLong.of(45));

    assertThat(charge.amountIn(BudgetUnit.REQUESTS)).isEqualTo(1);
    assertThat(charge.amountIn(BudgetUnit.TOKENS)).isEqualTo(23);
    assertThat(charge.amountIn(BudgetUnit.USD)).isEqualTo(45);
    assertThat(new Charge(1, 23, OptionalLong.empty()).amountIn(BudgetUnit.USD)).isZero();
    assertThat(Charge.NOTHING).isEqualTo(new Charge(0, 0, OptionalLong.of(0)));
    for (long[] bad : new long[][] {{-1, 0, 0}, {0, -1, 0}, {0, 0, -1}}) {
      assertThatExceptionOfType(InvalidValue.class)
          .isThrownBy(() -> new Charge(bad[0], bad[1], OptionalLong.of(bad[2])));
    }
  }

  @Test
  void a_raise_ends_in_the_future_and_within_a_year() {
    for (Instant until : List.of(NOW.plusNanos(1), NOW.plus(BudgetRaise.LONGEST))) {
      assertThat(BudgetRaise.until(until, NOW)).isEqualTo(until);
    }
    for (Instant until :
        List.of(NOW, NOW.minusNanos(1), NOW.plus(Duration.ofDays(366)).plusNanos(1))) {
      assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> BudgetRaise.until(until, NOW));
    }
  }

  @Test
  void the_raise_of_a_co_owner_ends_when_the_share_expires_at_the_latest() {
    Instant wanted = NOW.plusSeconds(60);
    Instant earlier = NOW.plusSeconds(59);

    assertThat(BudgetRaise.until(wanted, NOW, Optional.empty())).isEqualTo(wanted);
    assertThat(BudgetRaise.until(wanted, NOW, Optional.of(wanted.plusNanos(1)))).isEqualTo(wanted);
    assertThat(BudgetRaise.until(wanted, NOW, Optional.of(earlier))).isEqualTo(earlier);
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> BudgetRaise.until(wanted, NOW, Optional.of(NOW)));
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(
            () ->
                BudgetRaise.until(
                    NOW.plus(BudgetRaise.LONGEST).plusNanos(1), NOW, Optional.of(earlier)));
  }

  /** Accounts are found by these ids in every database, so they never change. */
  @Test
  void the_id_of_an_account_stays_as_it_is() {
    BudgetMeter meter = new BudgetMeter("user:" + new UUID(1, 2), ALL.getFirst(), true);

    assertThat(BudgetAccount.of(meter).id())
        .isEqualTo(UUID.fromString("fca49367-f9bd-3023-9da9-596425c60e7c"));
    assertThat(
            ALL.stream()
                .map(budget -> new BudgetAccount("user:x", budget.key()).id())
                .distinct()
                .count())
        .isEqualTo(ALL.stream().map(Budget::key).distinct().count());
  }

  @Test
  void the_pace_of_a_day_can_change_with_the_hour() {
    for (BudgetWindow window : BudgetWindow.values()) {
      assertThat(window.period())
          .isEqualTo(window == BudgetWindow.DAY ? Duration.ofHours(1) : Duration.ofDays(1));
    }
  }

  @Test
  void names_lead_back_to_their_values() {
    for (BudgetUnit unit : BudgetUnit.values()) {
      assertThat(BudgetUnit.of(unit.wireName())).isEqualTo(unit);
    }
    for (BudgetWindow window : BudgetWindow.values()) {
      assertThat(BudgetWindow.of(window.wireName())).isEqualTo(window);
    }
    for (BudgetBound bound : BudgetBound.values()) {
      assertThat(BudgetBound.of(bound.wireName())).isEqualTo(bound);
    }
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> BudgetUnit.of("USD"));
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> BudgetWindow.of("year"));
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> BudgetBound.of(""));
  }
}
