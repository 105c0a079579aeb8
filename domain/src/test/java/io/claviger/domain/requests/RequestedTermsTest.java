package io.claviger.domain.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.fairness.Weight;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.policy.PaceKind;
import io.claviger.domain.policy.PaceTerms;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RequestedTermsTest {
  private static final Instant END = Instant.parse("2027-03-01T00:00:00Z");
  private static final ModelPattern SMALL = new ModelPattern("small");
  private static final ModelPattern LARGE = new ModelPattern("large");
  private static final Operation CHAT = new Operation("POST chat/completions");
  private static final Operation EMBED = new Operation("POST embeddings");

  private static Budget requests(long amount, BudgetWindow window) {
    return new Budget(
        amount, BudgetUnit.REQUESTS, window, BudgetZone.UTC, BudgetBound.MEASURED, false);
  }

  private static Share.Terms held(Role role, Limits limits) {
    return new Share.Terms(role, true, Optional.of(END), limits);
  }

  private static Limits models(ModelPattern... models) {
    return new Limits(Optional.of(7), Optional.of(Set.of(models)), Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "READER, WRITER, WRITER",
    "WRITER, READER, WRITER",
    "READER, OWNER, OWNER",
    "OWNER, OWNER, OWNER"
  })
  void the_higher_role_stays(Role present, Role asked, Role then) {
    Share.Terms before = held(present, models(SMALL));

    assertThat(RequestedTerms.of(asked).over(Optional.of(before), Limits.NONE))
        .isEqualTo(held(then, models(SMALL)));
  }

  @Test
  void the_weight_stays() {
    Share.Terms before = held(Role.READER, models(SMALL)).with(new Weight(30));

    assertThat(RequestedTerms.of(LARGE).over(Optional.of(before), Limits.NONE).weight())
        .isEqualTo(new Weight(30));
    assertThat(RequestedTerms.of(LARGE).over(Optional.empty(), Limits.NONE).weight())
        .isEqualTo(Weight.USUAL);
  }

  @ParameterizedTest
  @CsvSource({"READER, true", "WRITER, true", "OWNER, false"})
  void a_role_is_met_by_the_same_or_a_higher_one(Role asked, boolean met) {
    assertThat(RequestedTerms.of(asked).areMetBy(held(Role.WRITER, models(SMALL)), Limits.NONE))
        .isEqualTo(met);
  }

  @Test
  void models_and_operations_are_met_where_the_share_or_else_the_service_allows_them() {
    assertThat(RequestedTerms.of(LARGE).areMetBy(held(Role.READER, models(SMALL)), Limits.NONE))
        .isFalse();
    assertThat(
            RequestedTerms.of(LARGE)
                .areMetBy(held(Role.READER, models(new ModelPattern("la*"))), models(SMALL)))
        .isTrue();
    assertThat(RequestedTerms.of(LARGE).areMetBy(held(Role.READER, Limits.NONE), models(SMALL)))
        .isFalse();
    assertThat(RequestedTerms.of(LARGE).areMetBy(held(Role.READER, Limits.NONE), Limits.NONE))
        .isTrue();
    Limits chat = new Limits(Optional.empty(), Optional.empty(), Optional.of(Set.of(CHAT)));
    assertThat(RequestedTerms.of(EMBED).areMetBy(held(Role.READER, chat), Limits.NONE)).isFalse();
    assertThat(RequestedTerms.of(CHAT).areMetBy(held(Role.READER, chat), Limits.NONE)).isTrue();
  }

  @Test
  void a_budget_is_met_by_one_that_allows_as_much_or_by_none() {
    RequestedTerms asked = RequestedTerms.of(requests(10, BudgetWindow.DAY));
    Limits less = Limits.NONE.with(new Budgets(List.of(requests(9, BudgetWindow.DAY))));
    Limits more = Limits.NONE.with(new Budgets(List.of(requests(10, BudgetWindow.DAY))));
    assertThat(asked.areMetBy(held(Role.READER, less), Limits.NONE)).isFalse();
    assertThat(asked.areMetBy(held(Role.READER, Limits.NONE), less)).isFalse();
    assertThat(asked.areMetBy(held(Role.READER, more), less)).isTrue();
    assertThat(asked.areMetBy(held(Role.READER, Limits.NONE), Limits.NONE)).isTrue();
  }

  @Test
  void a_budget_with_a_new_window_is_not_met_by_budgets_with_others() {
    RequestedTerms asked = RequestedTerms.of(requests(10, BudgetWindow.MONTH));
    Limits daily = Limits.NONE.with(new Budgets(List.of(requests(100, BudgetWindow.DAY))));
    assertThat(asked.areMetBy(held(Role.READER, daily), Limits.NONE)).isFalse();
    assertThat(asked.areMetBy(held(Role.READER, Limits.NONE), daily)).isFalse();
  }

  @Test
  void an_end_is_met_by_a_share_that_lasts_as_long() {
    Share.Terms present = held(Role.READER, Limits.NONE);
    assertThat(until(END.plusSeconds(1)).areMetBy(present, Limits.NONE)).isFalse();
    assertThat(until(END).areMetBy(present, Limits.NONE)).isTrue();
    assertThat(until(END).areMetBy(Share.Terms.reader(), Limits.NONE)).isTrue();
  }

  private static RequestedTerms until(Instant end) {
    return new RequestedTerms(
        Optional.empty(), Set.of(), Set.of(), Optional.empty(), Optional.of(end));
  }

  @Test
  void limits_of_a_group_together_meet_a_role_and_nothing_that_they_could_limit() {
    Share.Terms pooled =
        new Share.Terms(Role.WRITER, false, Optional.empty(), Limits.NONE, models(LARGE));
    assertThat(RequestedTerms.of(Role.WRITER).areMetBy(pooled, Limits.NONE)).isTrue();
    assertThat(RequestedTerms.of(LARGE).areMetBy(pooled, Limits.NONE)).isFalse();
    assertThat(RequestedTerms.of(CHAT).areMetBy(pooled, Limits.NONE)).isFalse();
    assertThat(RequestedTerms.of(requests(10, BudgetWindow.DAY)).areMetBy(pooled, Limits.NONE))
        .isFalse();
  }

  @Test
  void models_are_added_to_those_of_the_share() {
    assertThat(
            RequestedTerms.of(LARGE)
                .over(Optional.of(held(Role.READER, models(SMALL))), models(CHAT_MODEL)))
        .isEqualTo(held(Role.READER, models(SMALL, LARGE)));
  }

  @Test
  void the_pace_of_a_share_stays() {
    Share.Terms before =
        held(Role.READER, models(SMALL).with(PaceTerms.of(PaceKind.CONCURRENT, 4)));

    assertThat(RequestedTerms.of(Role.READER).over(Optional.of(before), Limits.NONE))
        .isEqualTo(before);
  }

  private static final ModelPattern CHAT_MODEL = new ModelPattern("chat");

  @Test
  void where_the_share_sets_no_limit_models_are_added_to_those_of_the_service() {
    Limits unlimited = new Limits(Optional.of(7), Optional.empty(), Optional.empty());

    assertThat(
            RequestedTerms.of(LARGE).over(Optional.of(held(Role.READER, unlimited)), models(SMALL)))
        .isEqualTo(held(Role.READER, models(SMALL, LARGE)));
    assertThat(
            RequestedTerms.of(LARGE).over(Optional.of(held(Role.READER, unlimited)), Limits.NONE))
        .isEqualTo(held(Role.READER, unlimited));
  }

  @Test
  void who_has_no_share_gets_one_for_what_they_ask_for_alone() {
    assertThat(RequestedTerms.of(EMBED).over(Optional.empty(), Limits.NONE))
        .isEqualTo(
            new Share.Terms(
                Role.READER,
                false,
                Optional.empty(),
                new Limits(Optional.empty(), Optional.empty(), Optional.of(Set.of(EMBED)))));
  }

  @Test
  void operations_are_added() {
    Limits limited = new Limits(Optional.empty(), Optional.empty(), Optional.of(Set.of(CHAT)));

    assertThat(
            RequestedTerms.of(EMBED)
                .over(Optional.of(held(Role.READER, limited)), Limits.NONE)
                .limits()
                .operations())
        .contains(Set.of(CHAT, EMBED));
  }

  @Test
  void a_budget_replaces_the_one_of_its_kind_and_no_other() {
    Budget day = requests(5, BudgetWindow.DAY);
    Limits limits = Limits.of(new Budgets(List.of(day, requests(50, BudgetWindow.MONTH))));
    RequestedTerms asked = RequestedTerms.of(requests(90, BudgetWindow.MONTH));

    assertThat(asked.over(Optional.of(held(Role.READER, limits)), Limits.NONE).limits().budgets())
        .isEqualTo(new Budgets(List.of(day, requests(90, BudgetWindow.MONTH))));
    assertThat(
            asked
                .over(
                    Optional.of(held(Role.READER, Limits.NONE)),
                    Limits.of(new Budgets(List.of(day))))
                .limits()
                .budgets())
        .isEqualTo(new Budgets(List.of(day, requests(90, BudgetWindow.MONTH))));
  }

  @Test
  void an_end_is_the_one_that_is_asked_for_or_stays() {
    RequestedTerms later =
        new RequestedTerms(
            Optional.empty(),
            Set.of(),
            Set.of(),
            Optional.empty(),
            Optional.of(END.plusSeconds(9)));

    assertThat(later.over(Optional.of(held(Role.READER, Limits.NONE)), Limits.NONE).expiresAt())
        .contains(END.plusSeconds(9));
    assertThat(RequestedTerms.of(Role.WRITER).over(Optional.empty(), Limits.NONE).expiresAt())
        .isEmpty();
  }

  @Test
  void something_is_asked_for_and_not_too_much() {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(
            () ->
                new RequestedTerms(
                    Optional.empty(), Set.of(), Set.of(), Optional.empty(), Optional.empty()));
    int most = RequestedTerms.MOST;
    assertThat(listed(most, most).models()).hasSize(most);
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> listed(most + 1, 0));
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> listed(0, most + 1));
  }

  private static RequestedTerms listed(int models, int operations) {
    return new RequestedTerms(
        Optional.empty(),
        IntStream.range(0, models)
            .mapToObj(n -> new ModelPattern("m" + n))
            .collect(Collectors.toSet()),
        IntStream.range(0, operations)
            .mapToObj(n -> new Operation("POST o" + n))
            .collect(Collectors.toSet()),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void the_same_subject_does_not_depend_on_amounts_ends_and_order() {
    RequestSubject month = RequestSubject.of(RequestedTerms.of(requests(5, BudgetWindow.MONTH)));
    assertThat(RequestSubject.of(RequestedTerms.of(requests(6, BudgetWindow.MONTH))))
        .isEqualTo(month);
    assertThat(RequestSubject.of(RequestedTerms.of(requests(5, BudgetWindow.DAY))))
        .isNotEqualTo(month);
    assertThat(RequestSubject.of(RequestedTerms.of(SMALL)))
        .isNotEqualTo(RequestSubject.of(RequestedTerms.of(LARGE)));
    RequestedTerms until =
        new RequestedTerms(
            Optional.of(Role.WRITER), Set.of(), Set.of(), Optional.empty(), Optional.of(END));
    assertThat(RequestSubject.of(until))
        .isEqualTo(RequestSubject.of(RequestedTerms.of(Role.WRITER)));
  }
}
