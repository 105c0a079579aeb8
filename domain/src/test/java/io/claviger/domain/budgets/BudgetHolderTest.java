package io.claviger.domain.budgets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BudgetHolderTest {
  private static final UUID A = UUID.fromString("01980000-0000-7000-8000-00000000000a");
  private static final UUID B = UUID.fromString("01980000-0000-7000-8000-00000000000b");
  private static final List<BudgetHolder> ONE_OF_EACH =
      List.of(
          BudgetHolder.callerOf(A, B),
          BudgetHolder.groupOn(A, B),
          BudgetHolder.service(A),
          BudgetHolder.token(A),
          BudgetHolder.user(A),
          BudgetHolder.memberOf(A, B),
          BudgetHolder.ownerIn(A, B),
          BudgetHolder.group(A),
          BudgetHolder.callerThrough(A, B));

  @Test
  void each_kind_has_an_account_of_its_own_text() {
    assertThat(ONE_OF_EACH.stream().map(BudgetHolder::kind))
        .containsExactly(BudgetHolder.Kind.values());
    assertThat(ONE_OF_EACH.stream().map(BudgetHolder::account)).doesNotHaveDuplicates();
  }

  @Test
  void the_text_of_an_account_leads_back_to_its_holder() {
    assertThat(ONE_OF_EACH.stream().map(BudgetHolder::account).map(BudgetHolder::of))
        .containsExactlyElementsOf(ONE_OF_EACH);
  }

  /** Accounts are stored by their text, so it never changes. */
  @Test
  void the_texts_stay_as_they_are() {
    assertThat(ONE_OF_EACH.stream().map(BudgetHolder::account))
        .containsExactly(
            "service:" + A + ":" + B,
            "service:" + A + ":group:" + B,
            "service:" + A,
            "token:" + A,
            "user:" + A,
            "group:" + A + ":" + B,
            "group:" + A + ":" + B + ":own",
            "group:" + A,
            "project:" + A + ":" + B);
  }

  @Test
  void the_kinds_have_names_of_their_own() {
    assertThat(Arrays.stream(BudgetHolder.Kind.values()).map(BudgetHolder.Kind::wireName))
        .contains("service_caller", "group_member")
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "service", "user:", "user:x", "service:a:b", "project:a", "user:A"})
  void other_texts_are_no_accounts(String text) {
    assertThatThrownBy(() -> BudgetHolder.of(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
