package io.claviger.domain.budgets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests up to which amount each user may raise a budget. */
final class BudgetRaiserTest {
  private static final List<Boolean> BOTH = List.of(false, true);
  private static final Budget FIVE = of(5, BudgetWindow.DAY);

  private static Budget of(long amount, BudgetWindow window) {
    return new Budget(
        amount, BudgetUnit.TOKENS, window, BudgetZone.UTC, BudgetBound.MEASURED, false);
  }

  /**
   * Every relationship to the service. A co-owner's own budget is below, equal to or above the
   * budget, or missing.
   */
  static Stream<Arguments> combinations() {
    List<Arguments> all = new ArrayList<>();
    List<Optional<Budgets>> given =
        List.of(
            Optional.empty(),
            Optional.of(Budgets.NONE),
            Optional.of(new Budgets(List.of(of(900, BudgetWindow.MONTH)))),
            Optional.of(new Budgets(List.of(of(4, BudgetWindow.DAY)))),
            Optional.of(new Budgets(List.of(of(5, BudgetWindow.DAY)))),
            Optional.of(new Budgets(List.of(of(9, BudgetWindow.DAY)))));
    for (boolean writes : BOTH) {
      for (boolean charged : BOTH) {
        given.forEach(own -> all.add(Arguments.of(new BudgetRaiser(writes, charged, own))));
      }
    }
    return all.stream();
  }

  @Test
  void who_writes_the_limits_raises_at_will_and_who_has_no_part_in_them_not_at_all() {
    assertThat(BudgetRaiser.of(true).most(FIVE)).hasValue(Long.MAX_VALUE);
    assertThat(BudgetRaiser.of(false).most(FIVE)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("combinations")
  void a_co_owner_raises_only_what_they_gave_and_up_to_what_they_could_give(BudgetRaiser raiser) {
    OptionalLong most = raiser.most(FIVE);

    assertThat(most.isPresent())
        .isEqualTo(raiser.writes() || (!raiser.charged() && raiser.ownBudgets().isPresent()));
    if (!raiser.writes() && most.isPresent()) {
      raiser
          .ownBudgets()
          .flatMap(own -> own.find(FIVE.key()))
          .ifPresentOrElse(
              own -> assertThat(most.getAsLong()).isEqualTo(own.amount()),
              () -> assertThat(most.getAsLong()).isEqualTo(Long.MAX_VALUE));
    }
  }
}
