package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.budgetreports.port.BudgetStateStore;
import io.claviger.application.budgetreports.port.BudgetStateStore.RaiseOutcome;
import io.claviger.application.budgets.BudgetDemand;
import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.budgets.ReserveDecision;
import io.claviger.application.budgets.port.BudgetLedger;
import io.claviger.application.builders.ABudget;
import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetRaise;
import io.claviger.domain.budgets.BudgetState;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.Role;
import io.claviger.persistence.budgets.JdbcBudgetLedger;
import io.claviger.persistence.budgets.JdbcBudgetStates;
import io.claviger.testkit.Race;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The state of accounts, raises, and thresholds that become messages. */
final class BudgetStatesTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final int MANY = 16;
  private static final Group TEAM = AGroup.called("team");
  private static final Budget BUDGET = ABudget.tokens(1_000).per(BudgetWindow.MONTH).build();

  private final BudgetStateStore states = new JdbcBudgetStates(PORTS.database());
  private final User alice = AUser.called("alice").build();
  private BudgetAccount account = account(UUID.randomUUID(), BudgetWindow.MONTH);

  @BeforeEach
  void fill() {
    PORTS.emptied();
    PORTS.users().insert(alice);
    account = account(alice.id().value(), BudgetWindow.MONTH);
  }

  private static BudgetAccount account(UUID user, BudgetWindow window) {
    return new BudgetAccount(
        BudgetHolder.user(user).account(),
        new Budget.Key(BudgetUnit.TOKENS, window, BudgetZone.UTC));
  }

  private BudgetRaise raise(long amount) {
    Instant now = states.now();
    return new BudgetRaise(UUID.randomUUID(), amount, now.plus(Duration.ofHours(1)), now);
  }

  private boolean inserted(BudgetRaise raise) {
    return inserted(raise, alice, Long.MAX_VALUE) == RaiseOutcome.STORED;
  }

  /** As in the use case, a transaction that conflicts with another one is tried again. */
  private RaiseOutcome inserted(BudgetRaise raise, User actor, long most) {
    try {
      return insertedAtOnce(raise, actor, Optional.empty(), most);
    } catch (ConcurrencyConflict metAnother) {
      return insertedAtOnce(raise, actor, Optional.empty(), most);
    }
  }

  private RaiseOutcome insertedAtOnce(
      BudgetRaise raise, User actor, Optional<GranteeId> grantee, long most) {
    return PORTS
        .transactions()
        .inTransaction(() -> states.insert(account, raise, actor.id(), grantee, most, false));
  }

  /** A co-owner raises the budget of a share that they gave. */
  private void raiseShareOf(GranteeId grantee, User coOwner, BudgetRaise raise) {
    assertThat(insertedAtOnce(raise, coOwner, Optional.of(grantee), 100))
        .isEqualTo(RaiseOutcome.STORED);
  }

  private BudgetState state() {
    return states.states(List.of(account)).get(account);
  }

  @Test
  void an_account_that_was_never_used_has_a_state() {
    BudgetAccount total = account(alice.id().value(), BudgetWindow.TOTAL);

    assertThat(state().settled()).isZero();
    assertThat(state().countedFrom()).isEmpty();
    assertThat(state().resetsAt()).isPresent();
    assertThat(states.states(List.of(account, total)).get(total))
        .isEqualTo(
            new BudgetState(
                0,
                0,
                OptionalLong.empty(),
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                false));
    assertThat(states.states(List.of())).isEmpty();
  }

  @Test
  void what_was_settled_in_a_former_window_does_not_count() {
    assertThat(inserted(raise(1))).isTrue();
    run("update budget_windows set starts_at = starts_at - interval '1 day', settled = 7");

    assertThat(state().settled()).isZero();
  }

  @Test
  void a_budget_that_was_never_used_counts_what_was_charged_in_the_last_35_days() {
    run(
        """
        insert into usage_charges (account, quarter, requests, tokens, cost)
        select :account, date_bin('15 minutes', budget_clock(), '2000-01-01T00:00Z') - c.ago,
          1, c.tokens, 1
        from (values (interval '34 days', 40), (interval '36 days', 500)) c (ago, tokens)
        """);
    BudgetAccount total = account(alice.id().value(), BudgetWindow.TOTAL);

    assertThat(states.states(List.of(total)).get(total).settled()).isEqualTo(40);
  }

  /** The budget is removed and set again after its window; nobody waits for a call to see it. */
  @Test
  void a_budget_that_is_set_again_in_a_later_window_counts_what_was_charged_without_it() {
    makeFormer("w.starts_at - interval '1 hour'");
    charge(90);

    assertThat(state()).returns(90L, BudgetState::settled);
    assertThat(state().countedFrom()).contains(state().windowStartsAt());

    List<Boolean> opened = Race.of(MANY, n -> isOpened(), 1);

    assertThat(opened).doesNotContain(false);
    charge(5);
    assertThat(state()).returns(90L, BudgetState::settled);
    assertThat(state().countedFrom()).contains(state().windowStartsAt());
  }

  @Test
  void what_was_charged_before_the_account_was_last_touched_is_not_counted_in_the_next_window() {
    makeFormer("budget_clock()");
    Optional<Instant> before = state().countedFrom();
    charge(90);

    assertThat(state()).returns(0L, BudgetState::settled);
    assertThat(isOpened()).isTrue();
    assertThat(state()).returns(0L, BudgetState::settled);
    assertThat(state().countedFrom()).isEqualTo(before);
  }

  /** Each window that ends can be followed by one in which the budget does not apply. */
  @Test
  void a_budget_that_did_not_apply_for_a_whole_window_counts_what_was_charged_since() {
    makeFormer("w.starts_at - interval '40 days'");
    run(
        """
        update budget_windows
        set starts_at = starts_at - interval '31 days', ends_at = ends_at - interval '31 days'
        """);
    charge(90);

    assertThat(isOpened()).isTrue();
    assertThat(state()).returns(90L, BudgetState::settled);
  }

  /** The node that made the call has not reported it to the ledger yet. */
  @Test
  void a_call_that_may_still_be_settled_in_its_former_window_is_not_counted_in_the_next_one_too() {
    makeFormer("w.starts_at - interval '1 hour'");
    run("update budget_windows set reserved = 1");
    charge(90);

    assertThat(state()).returns(0L, BudgetState::settled);
    assertThat(isOpened()).isTrue();
    assertThat(state()).returns(0L, BudgetState::settled);
  }

  @Test
  void a_call_of_a_node_whose_clock_is_ahead_is_not_counted_in_two_windows() {
    makeFormer("date_bin('15 minutes', budget_clock(), '2000-01-01T00:00Z') - interval '1 second'");
    charge(90);

    assertThat(isOpened()).isTrue();
    assertThat(state()).returns(0L, BudgetState::settled);
  }

  /** Makes the account with a window that ended when the present one began. */
  private void makeFormer(String touchedAt) {
    assertThat(isOpened()).isTrue();
    run(
        """
        update budget_windows b
        set starts_at = w.starts_at - interval '1 day', ends_at = w.starts_at, settled = 7,
          touched_at = %s
        from budget_window('month', 'UTC', budget_clock()) w
        """
            .formatted(touchedAt));
    run("update budget_accounts set counted_from = counted_from - interval '1 day'");
  }

  private boolean isOpened() {
    BudgetLedger ledger = new JdbcBudgetLedger(PORTS.database());
    ledger.open(account);
    return ledger.exists(account);
  }

  private void charge(long tokens) {
    run(
        """
        insert into usage_charges (account, quarter, requests, tokens, cost)
        values (
          :account, date_bin('15 minutes', budget_clock(), '2000-01-01T00:00Z'), 1, %d, 1)
        on conflict (account, quarter) do update
        set tokens = usage_charges.tokens + excluded.tokens
        """
            .formatted(tokens));
  }

  private void run(String statement) {
    int unused = PORTS.sql().sql(statement).param("account", account.subject()).update();
  }

  @Test
  void a_window_knows_the_most_that_one_of_its_calls_could_cost_whichever_node_made_it() {
    BudgetLedger ledger = new JdbcBudgetLedger(PORTS.database());
    BudgetReservations one = new BudgetReservations(ledger, System::nanoTime);
    BudgetReservations other = new BudgetReservations(ledger, System::nanoTime);
    assertThat(state().dearestCall()).isEmpty();

    call(one, 5, 40);
    assertThat(state().dearestCall()).hasValue(40);
    call(other, 5, 30);
    assertThat(state().dearestCall()).hasValue(40);
    call(other, 5, 900);
    assertThat(state().dearestCall()).hasValue(900);
    assertThat(states.states(List.of(account)).get(account).mayExceedBy(BUDGET)).hasValue(900);
  }

  private void call(BudgetReservations node, long amount, long most) {
    BudgetMeter meter = new BudgetMeter(account.subject(), BUDGET, true);
    assertThat(node.reserve(List.of(new BudgetDemand(meter, amount, most, Optional.empty()))))
        .isInstanceOf(ReserveDecision.Reserved.class);
    node.report();
    node.end();
  }

  @Test
  void a_raise_is_in_force_until_it_is_ended() {
    BudgetRaise raise = raise(7);

    assertThat(inserted(raise)).isTrue();
    assertThat(state().raises()).containsExactly(raise);
    assertThat(state().countedFrom()).isPresent();
    assertThat(states.end(account, raise.id())).isTrue();
    assertThat(states.end(account, raise.id())).isFalse();
    assertThat(state().raises()).isEmpty();
  }

  @Test
  void raises_of_several_budgets_are_read_together_in_the_order_of_their_ends() {
    Instant now = states.now();
    BudgetRaise later = raise(7);
    BudgetRaise sooner =
        new BudgetRaise(UUID.randomUUID(), 5, now.plus(Duration.ofMinutes(1)), now);
    assertThat(inserted(later)).isTrue();
    assertThat(inserted(sooner)).isTrue();
    BudgetAccount other = account(alice.id().value(), BudgetWindow.WEEK);

    Map<BudgetAccount, BudgetState> both = states.states(List.of(account, other));

    assertThat(both.get(account).raises()).containsExactly(sooner, later);
    assertThat(both.get(other).raises()).isEmpty();
  }

  @Test
  void an_account_has_nothing_of_the_figures_of_another() {
    BudgetAccount mine = account;
    account = account(UUID.randomUUID(), BudgetWindow.MONTH);
    assertThat(inserted(raise(7))).isTrue();
    run("update budget_windows set settled = 7, reserved = 8, dearest_call = 9");
    account = mine;

    assertThat(state().settled()).isZero();
    assertThat(state().countedFrom()).isEmpty();
    BudgetRaise first = raise(1);
    BudgetRaise second = raise(2);
    assertThat(inserted(first)).isTrue();
    assertThat(inserted(second)).isTrue();
    assertThat(state())
        .returns(0L, BudgetState::settled)
        .returns(0L, BudgetState::reserved)
        .returns(OptionalLong.empty(), BudgetState::dearestCall);
    assertThat(states.end(account, first.id())).isTrue();
    assertThat(state().raises()).containsExactly(second);
  }

  @Test
  void what_was_charged_before_counts_neither_for_a_used_budget_nor_for_that_of_a_group() {
    PORTS.groups().insert(TEAM);
    join(alice);
    assertThat(inserted(raise(1))).isTrue();
    run(
        """
        insert into usage_charges (account, quarter, requests, tokens, cost)
        values (:account, date_bin('15 minutes', budget_clock(), '2000-01-01T00:00Z'), 1, 40, 1)
        """);

    assertThat(state().settled()).isZero();
    account = ofGroup(BudgetHolder.group(TEAM.id().value()));
    assertThat(state().settled()).isZero();
  }

  @Test
  void a_raise_is_not_ended_by_the_id_of_another_budget() {
    BudgetRaise raise = raise(7);
    assertThat(inserted(raise)).isTrue();

    assertThat(states.end(account(UUID.randomUUID(), BudgetWindow.MONTH), raise.id())).isFalse();
    assertThat(state().raises()).containsExactly(raise);
  }

  @Test
  void of_many_raises_at_once_no_more_are_in_force_than_may_be() {
    List<Boolean> stored = Race.of(MANY, n -> inserted(raise(n + 1)), 1);

    assertThat(stored.stream().filter(done -> done)).hasSize(BudgetRaise.MOST);
    assertThat(state().raises()).hasSize(BudgetRaise.MOST);
  }

  @Test
  void of_many_raises_at_once_no_more_is_added_than_may_be() {
    List<RaiseOutcome> stored = Race.of(MANY, n -> inserted(raise(10), alice, 39), 1);

    assertThat(stored).containsOnly(RaiseOutcome.STORED, RaiseOutcome.TOO_MUCH);
    assertThat(state().raises()).hasSize(3);
  }

  @Test
  void all_raises_and_the_largest_budget_together_are_a_number() {
    Budget largest =
        ABudget.nanoDollars(BudgetUnit.USD.most()).per(BudgetWindow.MONTH).strict().build();
    account = new BudgetAccount(account.subject(), largest.key());
    BudgetRaise raise = raise(BudgetUnit.USD.most());
    while (inserted(raise, alice, BudgetRaise.MOST_IN_ALL) == RaiseOutcome.STORED) {
      raise = raise(BudgetUnit.USD.most());
    }
    BudgetReservations node =
        new BudgetReservations(new JdbcBudgetLedger(PORTS.database()), System::nanoTime);

    BudgetMeter meter = new BudgetMeter(account.subject(), largest, true);
    long more = largest.amount() + 1;
    assertThat(node.reserve(List.of(new BudgetDemand(meter, more, Optional.empty()))))
        .isInstanceOf(ReserveDecision.Reserved.class);
    node.end();
  }

  @Test
  void what_a_co_owner_added_ends_with_the_limits_that_it_was_added_to() {
    User bob = PORTS.stored(AUser.called("bob").build());
    User carol = PORTS.stored(AUser.called("carol").build());
    Instance service = coOwned(bob);
    PORTS.shares().insert(service.id(), limited(carol, bob, 1).build(), bob.id());
    account = ofGroup(BudgetHolder.callerOf(service.id().value(), carol.id().value()));
    BudgetRaise ofOwner = raise(1);
    assertThat(inserted(ofOwner)).isTrue();

    raiseShareOf(carol.id(), bob, raise(2));
    PORTS.shares().update(service.id(), limited(carol, bob, 2).build(), bob.id());
    assertThat(state().raises()).containsExactly(ofOwner);

    raiseShareOf(carol.id(), bob, raise(3));
    assertThat(PORTS.shares().delete(service.id(), bob.id())).isTrue();
    assertThat(state().raises()).containsExactly(ofOwner);
  }

  @Test
  void what_a_co_owner_added_ends_with_the_co_owners_user() {
    User bob = PORTS.stored(AUser.called("bob").build());
    User carol = PORTS.stored(AUser.called("carol").build());
    Instance service = coOwned(bob);
    PORTS.shares().insert(service.id(), limited(carol, bob, 1).build(), bob.id());
    account = ofGroup(BudgetHolder.callerOf(service.id().value(), carol.id().value()));
    BudgetRaise ofOwner = raise(1);
    assertThat(inserted(ofOwner)).isTrue();
    raiseShareOf(carol.id(), bob, raise(2));

    PORTS.users().delete(bob.id());

    assertThat(PORTS.shares().find(service.id(), carol.id())).isEmpty();
    assertThat(state().raises()).containsExactly(ofOwner);
  }

  @Test
  void what_a_co_owner_added_lasts_no_longer_than_a_share_that_is_shortened() {
    User bob = PORTS.stored(AUser.called("bob").build());
    User carol = PORTS.stored(AUser.called("carol").build());
    Instance service = coOwned(bob);
    PORTS.shares().insert(service.id(), limited(carol, bob, 1).build(), bob.id());
    account = ofGroup(BudgetHolder.callerOf(service.id().value(), carol.id().value()));
    BudgetRaise ofOwner = raise(1);
    assertThat(inserted(ofOwner)).isTrue();
    BudgetRaise ofCoOwner = raise(2);
    raiseShareOf(carol.id(), bob, ofCoOwner);
    Instant later = ofCoOwner.until().plusSeconds(60);
    Instant earlier = ofCoOwner.until().minusSeconds(60);

    PORTS.shares().update(service.id(), limited(carol, bob, 1).expiresAt(later).build(), bob.id());
    assertThat(state().raises()).containsExactlyInAnyOrder(ofOwner, ofCoOwner);

    PORTS
        .shares()
        .update(service.id(), limited(carol, bob, 1).expiresAt(earlier).build(), bob.id());
    assertThat(state().raises())
        .extracting(BudgetRaise::until)
        .containsExactlyInAnyOrder(ofOwner.until(), earlier);

    PORTS
        .shares()
        .update(service.id(), limited(carol, bob, 1).expiresAt(states.now()).build(), bob.id());
    assertThat(state().raises()).containsExactly(ofOwner);
  }

  private Instance coOwned(User coOwner) {
    Instance service = AnInstance.of(alice, "s").build();
    PORTS.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
    PORTS.shares().insert(service.id(), AShare.with(coOwner).role(Role.OWNER).build(), alice.id());
    return service;
  }

  private static AShare limited(User user, User actor, long amount) {
    Budget budget = ABudget.tokens(amount).per(BudgetWindow.MONTH).build();
    return AShare.with(user)
        .role(Role.READER)
        .limits(Limits.of(new Budgets(List.of(budget))))
        .givenVia(actor);
  }

  @Test
  void a_raise_of_a_members_budget_ends_with_the_membership_and_not_with_anothers() {
    User bob = member("bob");
    User carol = member("carol");
    account = ofGroup(BudgetHolder.memberOf(TEAM.id().value(), bob.id().value()));
    assertThat(inserted(raise(1))).isTrue();
    assertThat(PORTS.groups().removeMember(TEAM.id(), carol.id())).isTrue();
    assertThat(state().raises()).hasSize(1);

    assertThat(PORTS.groups().removeMember(TEAM.id(), bob.id())).isTrue();
    join(bob);

    assertThat(state().raises()).isEmpty();
  }

  @Test
  void what_a_co_owner_added_for_a_member_of_a_group_ends_with_the_membership() {
    User bob = member("bob");
    User carol = member("carol");
    User dave = PORTS.stored(AUser.called("dave").build());
    Instance service = coOwned(dave);
    PORTS.shares().insert(service.id(), AShare.with(TEAM).givenVia(dave).build(), dave.id());
    account = ofGroup(BudgetHolder.callerOf(service.id().value(), bob.id().value()));
    BudgetRaise ofOwner = raise(1);
    assertThat(inserted(ofOwner)).isTrue();
    raiseShareOf(TEAM.id(), dave, raise(2));

    assertThat(PORTS.groups().removeMember(TEAM.id(), carol.id())).isTrue();
    assertThat(state().raises()).hasSize(2);
    assertThat(PORTS.groups().removeMember(TEAM.id(), bob.id())).isTrue();

    assertThat(state().raises()).as("as if a share of theirs had ended").containsExactly(ofOwner);
  }

  @Test
  void what_a_co_owner_added_for_a_member_of_a_group_ends_with_the_group() {
    User bob = member("bob");
    User dave = PORTS.stored(AUser.called("dave").build());
    Instance service = coOwned(dave);
    PORTS.shares().insert(service.id(), AShare.with(TEAM).givenVia(dave).build(), dave.id());
    account = ofGroup(BudgetHolder.callerOf(service.id().value(), bob.id().value()));
    BudgetRaise ofOwner = raise(1);
    assertThat(inserted(ofOwner)).isTrue();
    raiseShareOf(TEAM.id(), dave, raise(2));

    PORTS.groups().delete(TEAM.id());

    assertThat(state().raises()).containsExactly(ofOwner);
  }

  @Test
  void what_a_co_owner_added_for_a_member_of_a_group_does_not_count_when_the_member_gets_a_share() {
    User bob = member("bob");
    User carol = member("carol");
    User dave = PORTS.stored(AUser.called("dave").build());
    Instance service = coOwned(dave);
    PORTS.shares().insert(service.id(), AShare.with(TEAM).givenVia(dave).build(), dave.id());
    account = ofGroup(BudgetHolder.callerOf(service.id().value(), bob.id().value()));
    BudgetRaise ofOwner = raise(1);
    assertThat(inserted(ofOwner)).isTrue();
    raiseShareOf(TEAM.id(), dave, raise(2));

    PORTS.shares().insert(service.id(), AShare.with(carol).build(), alice.id());
    assertThat(state().raises()).hasSize(2);
    PORTS.shares().insert(service.id(), AShare.with(bob).build(), alice.id());

    assertThat(state().raises()).containsExactly(ofOwner);
  }

  @Test
  void what_a_co_owner_added_does_not_count_while_another_groups_share_applies() {
    User bob = member("bob");
    User dave = PORTS.stored(AUser.called("dave").build());
    Group ops = AGroup.called("ops");
    PORTS.groups().insert(ops);
    Instance service = coOwned(dave);
    PORTS.shares().insert(service.id(), AShare.with(TEAM).givenVia(dave).build(), dave.id());
    account = ofGroup(BudgetHolder.callerOf(service.id().value(), bob.id().value()));
    BudgetRaise ofOwner = raise(1);
    assertThat(inserted(ofOwner)).isTrue();
    BudgetRaise ofCoOwner = raise(95);
    raiseShareOf(TEAM.id(), dave, ofCoOwner);
    AShare ofOps = AShare.with(ops).role(Role.WRITER).createdAt(states.now());

    PORTS.shares().insert(service.id(), ofOps.build(), alice.id());
    assertThat(state().raises()).as("not a member yet").contains(ofCoOwner);
    join(ops, bob);
    assertThat(state().raises()).containsExactly(ofOwner);
    assertThat(isRefused(7)).isTrue();
    assertThat(leftForBatch(7)).isEqualTo(6);

    PORTS.shares().update(service.id(), ofOps.role(Role.READER).build(), alice.id());
    assertThat(state().raises()).as("the older share applies").contains(ofCoOwner);
    PORTS.shares().update(service.id(), ofOps.role(Role.WRITER).build(), alice.id());
    assertThat(state().raises()).containsExactly(ofOwner);
  }

  /** Whether a budget of 5 and its raises are too small for a call. */
  private boolean isRefused(long needed) {
    BudgetReservations node =
        new BudgetReservations(new JdbcBudgetLedger(PORTS.database()), System::nanoTime);
    try {
      Budget budget = ABudget.tokens(5).per(BudgetWindow.MONTH).strict().build();
      BudgetMeter meter = new BudgetMeter(account.subject(), budget, true);
      return !(node.reserve(List.of(new BudgetDemand(meter, needed, Optional.empty())))
          instanceof ReserveDecision.Reserved);
    } finally {
      node.end();
    }
  }

  /** How much of a budget of 5 and its raises is left, which is too little for a batch. */
  private long leftForBatch(long needed) {
    return PORTS
        .database()
        .jdbc()
        .sql(
            """
            select now_left
            from reserve_for_batch(
              gen_random_uuid(), array[cast(:id as uuid)], array[:subject], array['tokens'],
              array['month'], array['UTC'], array[cast(:needed as bigint)],
              array[cast(5 as bigint)], array[true])
            """)
        .param("id", account.id())
        .param("subject", account.subject())
        .param("needed", needed)
        .query(Long.class)
        .single();
  }

  @Test
  void what_a_co_owner_adds_while_the_member_gets_a_share_does_not_add_to_this_share() {
    User bob = member("bob");
    User dave = PORTS.stored(AUser.called("dave").build());
    Instance service = coOwned(dave);
    PORTS.shares().insert(service.id(), AShare.with(TEAM).givenVia(dave).build(), dave.id());
    account = ofGroup(BudgetHolder.callerOf(service.id().value(), bob.id().value()));
    for (int round = 0; round < 5; round++) {
      List<Boolean> unused =
          Race.of(
              MANY,
              n -> {
                if (n == 0) {
                  PORTS.shares().insert(service.id(), AShare.with(bob).build(), alice.id());
                  return true;
                }
                return PORTS.transactions().inTransaction(() -> raisedByGroup(service, bob, dave));
              },
              1);

      assertThat(state().raises()).isEmpty();
      assertThat(PORTS.shares().delete(service.id(), bob.id())).isTrue();
      run("delete from budget_raises");
    }
  }

  private boolean raisedByGroup(Instance service, User user, User coOwner) {
    return PORTS.shares().hold(service.id(), user.id()).isEmpty()
        && PORTS.shares().holdByGroup(service.id(), user.id(), states.now()).isPresent()
        && states.insert(account, raise(1), coOwner.id(), Optional.of(TEAM.id()), 100, false)
            == RaiseOutcome.STORED;
  }

  @Test
  void what_a_co_owner_added_through_a_node_of_an_earlier_version_ends_all_the_same() {
    User bob = member("bob");
    User dave = PORTS.stored(AUser.called("dave").build());
    Instance service = coOwned(dave);
    PORTS.shares().insert(service.id(), AShare.with(TEAM).givenVia(dave).build(), dave.id());
    account = ofGroup(BudgetHolder.callerOf(service.id().value(), bob.id().value()));
    BudgetRaise ofOwner = raise(1);
    assertThat(inserted(ofOwner)).isTrue();
    assertThat(inserted(raise(2), dave, 100)).isEqualTo(RaiseOutcome.STORED);
    assertThat(PORTS.groups().removeMember(TEAM.id(), bob.id())).isTrue();
    assertThat(state().raises()).containsExactly(ofOwner);

    join(bob);
    assertThat(inserted(raise(3), dave, 100)).isEqualTo(RaiseOutcome.STORED);
    assertThat(PORTS.shares().delete(service.id(), TEAM.id())).isTrue();

    assertThat(state().raises()).containsExactly(ofOwner);
  }

  @Test
  void raises_of_members_end_with_the_group() {
    User bob = member("bob");
    account = ofGroup(BudgetHolder.memberOf(TEAM.id().value(), bob.id().value()));
    assertThat(inserted(raise(1))).isTrue();

    PORTS.groups().delete(TEAM.id());

    assertThat(state().raises()).isEmpty();
  }

  @Test
  void a_raise_that_is_given_while_the_member_leaves_does_not_outlive_the_membership() {
    User bob = member("bob");
    account = ofGroup(BudgetHolder.memberOf(TEAM.id().value(), bob.id().value()));
    for (int round = 0; round < 5; round++) {
      List<Boolean> unused =
          Race.of(
              MANY,
              n ->
                  n == 0
                      ? PORTS.groups().removeMember(TEAM.id(), bob.id())
                      : PORTS.transactions().inTransaction(() -> raisedAsMember(bob)),
              1);

      assertThat(state().raises()).isEmpty();
      join(bob);
    }
  }

  private boolean raisedAsMember(User user) {
    return PORTS.groups().holdMember(TEAM.id(), user.id())
        && states.insert(account, raise(1), alice.id(), Optional.empty(), 100, false)
            == RaiseOutcome.STORED;
  }

  private User member(String handle) {
    User user = AUser.called(handle).build();
    PORTS.users().insert(user);
    if (PORTS.groups().find(TEAM.handle()).isEmpty()) {
      PORTS.groups().insert(TEAM);
    }
    join(user);
    return user;
  }

  private static void join(User user) {
    join(TEAM, user);
  }

  private static void join(Group group, User user) {
    PORTS
        .groups()
        .putMember(
            group.id(),
            new GroupMember(user.id(), user.handle(), GroupRole.MEMBER, Seeds.SEEDED_AT));
  }

  private static BudgetAccount ofGroup(BudgetHolder holder) {
    return new BudgetAccount(
        holder.account(), new Budget.Key(BudgetUnit.TOKENS, BudgetWindow.MONTH, BudgetZone.UTC));
  }

  @Test
  void of_many_who_end_a_raise_one_does() {
    BudgetRaise raise = raise(7);
    assertThat(inserted(raise)).isTrue();

    assertThat(Race.of(MANY, n -> states.end(account, raise.id()), 1).stream().filter(done -> done))
        .hasSize(1);
  }
}
