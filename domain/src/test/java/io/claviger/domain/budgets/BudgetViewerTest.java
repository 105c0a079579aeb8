package io.claviger.domain.budgets;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.budgets.BudgetHolder.Kind;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Who sees which budget. */
final class BudgetViewerTest {
  private static final List<Boolean> BOTH = List.of(false, true);

  static Stream<Arguments> combinations() {
    return Stream.of(Kind.values())
        .flatMap(
            kind ->
                BOTH.stream()
                    .flatMap(
                        administrator ->
                            BOTH.stream()
                                .flatMap(
                                    charged ->
                                        BOTH.stream()
                                            .flatMap(
                                                member ->
                                                    BOTH.stream()
                                                        .map(
                                                            owner ->
                                                                Arguments.of(
                                                                    kind,
                                                                    new BudgetViewer(
                                                                        administrator,
                                                                        charged,
                                                                        member,
                                                                        owner)))))));
  }

  @ParameterizedTest
  @MethodSource("combinations")
  void a_budget_is_shown_to_who_uses_owns_or_administers_it(Kind kind, BudgetViewer viewer) {
    boolean pool = kind == Kind.GROUP || kind == Kind.SERVICE_GROUP;

    assertThat(viewer.sees(kind))
        .isEqualTo(
            viewer.administrator()
                || viewer.charged()
                || viewer.owner()
                || (pool && viewer.member()));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void a_stranger_sees_no_budget(Kind kind) {
    assertThat(new BudgetViewer(false, false, false, false).sees(kind)).isFalse();
  }

  @Test
  void a_member_does_not_see_what_another_member_has_used() {
    assertThat(new BudgetViewer(false, false, true, false).sees(Kind.GROUP_MEMBER)).isFalse();
  }

  @Test
  void a_caller_does_not_see_what_all_callers_may_use_together() {
    assertThat(new BudgetViewer(false, false, true, false).sees(Kind.SERVICE)).isFalse();
  }
}
