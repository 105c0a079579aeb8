package io.claviger.domain.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.policy.CallLimits.Pool;
import io.claviger.domain.policy.CallLimits.ShareHolder;
import io.claviger.domain.policy.CallLimits.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Tests to which budgets a call is charged, and which of these budgets the caller sees. */
class CallBudgetsTest {
  private static final UUID SERVICE = new UUID(1, 0);
  private static final UUID OWNER = new UUID(2, 0);
  private static final UUID CALLER = new UUID(2, 1);
  private static final UUID LENDER = new UUID(2, 2);
  private static final UUID HOST = new UUID(2, 3);
  private static final UUID TEAM = new UUID(3, 0);
  private static final UUID STAFF = new UUID(3, 1);
  private static final UUID PROJECT = new UUID(5, 0);
  private static final UUID TOKEN = new UUID(4, 0);
  private static final UUID PARENT = new UUID(4, 1);

  private static Budget budget(long amount, BudgetWindow window) {
    return new Budget(
        amount, BudgetUnit.TOKENS, window, BudgetZone.UTC, BudgetBound.MEASURED, false);
  }

  private static Budgets day(long amount) {
    return new Budgets(List.of(budget(amount, BudgetWindow.DAY)));
  }

  private static Limits limits(long amount) {
    return Limits.of(day(amount));
  }

  private static Limits only(Budget budget) {
    return Limits.of(new Budgets(List.of(budget)));
  }

  /** Everybody who may have a part in a call has a budget of their own size. */
  private static CallLimits all() {
    ShareHolder lender = new ShareHolder(LENDER, limits(3), Optional.empty());
    return CallLimits.of(
        Optional.of(
            new Token(
                TOKEN,
                limits(9),
                new InheritedLimits(
                    List.of(), List.of(new TokenBudget(PARENT, budget(10, BudgetWindow.DAY)))))),
        new CallLimits.Of(SERVICE, limits(99), Limits.of(day(5)), OWNER),
        new ShareHolder(
            CALLER, limits(1), Optional.of(new Pool(TEAM, limits(2))), Optional.of(lender)),
        Optional.of(new ShareHolder(HOST, Limits.NONE, Optional.empty())),
        new UserLimits(
            limits(6),
            List.of(
                new UserLimits.OfGroup(TEAM, limits(7), limits(8)),
                new UserLimits.OfGroup(STAFF, Limits.NONE, limits(4)))),
        Optional.of(new CallLimits.Through(PROJECT, limits(11))));
  }

  private static List<String> charged(List<BudgetMeter> meters, boolean shown) {
    return meters.stream()
        .filter(meter -> meter.shownToCaller() == shown)
        .map(meter -> meter.account() + " " + meter.budget().amount())
        .toList();
  }

  @Test
  void a_call_is_charged_to_everybody_who_has_a_part_in_it() {
    assertThat(charged(all().budgets(), true))
        .containsExactlyInAnyOrder(
            "token:" + PARENT + " 10",
            "token:" + TOKEN + " 9",
            "service:" + SERVICE + ":" + CALLER + " 1",
            "service:" + SERVICE + ":group:" + TEAM + " 2",
            "user:" + CALLER + " 6",
            "group:" + TEAM + ":" + CALLER + " 7",
            "group:" + TEAM + " 8",
            "group:" + STAFF + " 4",
            "project:" + PROJECT + ":" + CALLER + " 11");
    assertThat(charged(all().budgets(), false))
        .containsExactlyInAnyOrder(
            "service:" + SERVICE + ":" + LENDER + " 3",
            "service:" + SERVICE + ":" + HOST + " 99",
            "service:" + SERVICE + " 5");
  }

  @Test
  void with_a_key_of_the_callers_own_only_tokens_are_charged() {
    assertThat(all().budgets(KeySource.USER, Optional.empty()))
        .extracting(BudgetMeter::account)
        .containsExactlyInAnyOrder("token:" + PARENT, "token:" + TOKEN);
    for (KeySource source : List.of(KeySource.CENTRAL, KeySource.DEPLOYMENT, KeySource.KEYLESS)) {
      assertThat(all().budgets(source, Optional.empty())).isEqualTo(all().budgets());
    }
  }

  @Test
  void on_a_service_of_the_callers_own_what_a_group_shares_is_counted_for_the_caller_alone() {
    Optional<UUID> owner = Optional.of(CALLER);
    for (KeySource source : List.of(KeySource.CENTRAL, KeySource.KEYLESS)) {
      assertThat(charged(all().budgets(source, owner), true))
          .contains(
              "user:" + CALLER + " 6",
              "group:" + TEAM + ":" + CALLER + " 7",
              "group:" + TEAM + ":" + CALLER + ":own 8",
              "group:" + STAFF + ":" + CALLER + ":own 4")
          .noneMatch(meter -> meter.matches("group:[^:]+"));
      assertThat(all().budgets(source, owner))
          .extracting(meter -> List.of(meter.account(), meter.budget().key()))
          .doesNotHaveDuplicates();
      assertThat(all().charged(source, owner)).allMatch(account -> account.startsWith("service:"));
    }
    assertThat(all().budgets(KeySource.DEPLOYMENT, owner)).isEqualTo(all().budgets());
    assertThat(all().budgets(KeySource.USER, owner)).hasSize(2);
    assertThat(all().charged(KeySource.USER, owner)).isEmpty();
    assertThat(all().charged(KeySource.CENTRAL, Optional.empty())).isEqualTo(all().charged());
  }

  /**
   * The budget of each member also counts what the member borrows, so the pool's amount must not
   * apply to it. Each budget keeps its bound and what it says about calls without a price.
   */
  @Test
  void what_an_owner_has_apart_from_the_pool_is_no_part_of_the_members_own_budget() {
    Budget each = budget(7, BudgetWindow.DAY);
    for (long amount : new long[] {6, 7, 8}) {
      Budget pooled =
          new Budget(
              amount,
              each.unit(),
              each.window(),
              each.zone(),
              BudgetBound.STRICT,
              each.allowsUnpriced());
      CallLimits limits = with(List.of(new UserLimits.OfGroup(TEAM, only(each), only(pooled))));
      assertThat(limits.budgets(KeySource.CENTRAL, Optional.of(CALLER)))
          .containsExactly(
              new BudgetMeter("group:" + TEAM + ":" + CALLER, each, true),
              new BudgetMeter("group:" + TEAM + ":" + CALLER + ":own", pooled, true));
    }
  }

  @Test
  void calls_of_a_service_of_the_callers_own_are_not_charged_to_the_user() {
    assertThat(all().charged(KeySource.CENTRAL, Optional.empty()))
        .contains("user:" + CALLER)
        .contains("service:" + SERVICE);
    assertThat(all().charged(KeySource.CENTRAL, Optional.of(CALLER)))
        .doesNotContain("user:" + CALLER)
        .contains("service:" + SERVICE);
  }

  @Test
  void what_is_shown_is_the_smallest_that_the_caller_may_see() {
    assertThat(all().effective().budgets()).containsExactly(budget(1, BudgetWindow.DAY));
  }

  @Test
  void a_co_owner_who_calls_sees_all_budgets_of_the_service() {
    ShareHolder lender = new ShareHolder(LENDER, limits(3), Optional.empty());
    CallLimits limits =
        CallLimits.of(
            Optional.empty(),
            new CallLimits.Of(SERVICE, Limits.NONE, Limits.of(day(5)), OWNER).ownedBy(CALLER),
            new ShareHolder(CALLER, limits(1), Optional.of(lender)),
            Optional.empty(),
            new UserLimits(limits(6), List.of()));

    assertThat(charged(limits.budgets(), true))
        .containsExactlyInAnyOrder(
            "service:" + SERVICE + ":" + CALLER + " 1",
            "service:" + SERVICE + ":" + LENDER + " 3",
            "service:" + SERVICE + " 5",
            "user:" + CALLER + " 6");
  }

  @Test
  void the_owner_sees_what_all_callers_may_use_up_together() {
    CallLimits limits =
        CallLimits.of(
            Optional.empty(),
            new CallLimits.Of(SERVICE, Limits.NONE, Limits.of(day(5)), OWNER),
            new ShareHolder(OWNER, Limits.NONE, Optional.empty()),
            Optional.empty());
    assertThat(limits.budgets()).extracting(BudgetMeter::shownToCaller).containsExactly(true);
  }

  @Test
  void the_smallest_of_the_largest_outputs_holds() {
    Limits hundred =
        new Limits(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(100), Budgets.NONE);
    Limits ten =
        new Limits(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(10), Budgets.NONE);
    CallLimits limits =
        CallLimits.of(
            Optional.empty(),
            new CallLimits.Of(SERVICE, hundred),
            new ShareHolder(CALLER, Limits.NONE, Optional.empty()),
            Optional.empty(),
            new UserLimits(ten, List.of()));
    assertThat(limits.maxOutputTokens()).hasValue(10);
    assertThat(limits.effective().maxOutputTokens()).contains(10);
    assertThat(new CallLimits(List.of()).maxOutputTokens()).isEmpty();
  }

  @Test
  void a_budget_that_an_inherited_one_enforces_is_not_charged_on_its_own() {
    Budget total = budget(50, BudgetWindow.TOTAL);
    Budgets own = new Budgets(List.of(budget(10, BudgetWindow.DAY), total));
    List<TokenBudget> inherited = List.of(new TokenBudget(PARENT, budget(10, BudgetWindow.DAY)));

    assertThat(TokenBudget.passedOn(inherited, TOKEN, own))
        .containsExactly(inherited.get(0), new TokenBudget(TOKEN, total));
    assertThat(TokenBudget.passedOn(inherited, TOKEN, day(9)))
        .containsExactly(inherited.get(0), new TokenBudget(TOKEN, budget(9, BudgetWindow.DAY)));
    assertThat(TokenBudget.passedOn(List.of(), TOKEN, Budgets.NONE)).isEmpty();
  }

  @Test
  void who_is_in_too_many_groups_with_limits_calls_nothing() {
    List<UserLimits.OfGroup> groups = new ArrayList<>();
    for (int n = 0; n < UserLimits.MOST; n++) {
      groups.add(new UserLimits.OfGroup(new UUID(9, n), Limits.NONE, limits(1)));
    }
    assertThat(with(groups).allow("POST", "embeddings")).isTrue();
    assertThat(with(limits(1), groups).allowStored(ObjectKind.FILES, "POST", "files")).isTrue();
    groups.add(new UserLimits.OfGroup(TEAM, limits(1), Limits.NONE));
    assertThat(with(groups).allow("POST", "embeddings")).isFalse();
    assertThat(with(groups).allowStored(ObjectKind.FILES, "POST", "files")).isFalse();
  }

  private static CallLimits with(List<UserLimits.OfGroup> groups) {
    return with(Limits.NONE, groups);
  }

  private static CallLimits with(Limits everywhere, List<UserLimits.OfGroup> groups) {
    return CallLimits.of(
        Optional.empty(),
        new CallLimits.Of(SERVICE, Limits.NONE),
        new ShareHolder(CALLER, Limits.NONE, Optional.empty()),
        Optional.empty(),
        new UserLimits(everywhere, groups));
  }

  @Test
  void budgets_fit_within_others_of_the_same_window_only_if_they_allow_no_more() {
    Budgets strict =
        new Budgets(
            List.of(
                new Budget(
                    10,
                    BudgetUnit.TOKENS,
                    BudgetWindow.DAY,
                    BudgetZone.UTC,
                    BudgetBound.STRICT,
                    false)));
    assertThat(day(10).fitWithin(day(10))).isTrue();
    assertThat(day(11).fitWithin(day(10))).isFalse();
    assertThat(strict.fitWithin(day(10))).isTrue();
    assertThat(day(10).fitWithin(strict)).isFalse();
    assertThat(Budgets.NONE.fitWithin(day(1))).isTrue();
    assertThat(day(11).fitWithin(Budgets.NONE)).isTrue();
    assertThat(new Budgets(List.of(budget(99, BudgetWindow.WEEK))).fitWithin(day(10))).isTrue();
  }

  @Test
  void a_holder_has_at_most_four_budgets_of_different_windows() {
    List<Budget> four = new ArrayList<>();
    for (BudgetWindow window : BudgetWindow.values()) {
      four.add(budget(1, window));
    }
    assertThat(new Budgets(four).all()).isEqualTo(four);
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(
            () -> new Budgets(List.of(budget(1, BudgetWindow.DAY), budget(2, BudgetWindow.DAY))));
    four.add(
        new Budget(
            1, BudgetUnit.REQUESTS, BudgetWindow.DAY, BudgetZone.UTC, BudgetBound.STRICT, false));
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new Budgets(four));
  }
}
