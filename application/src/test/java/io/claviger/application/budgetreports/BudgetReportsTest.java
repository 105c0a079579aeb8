package io.claviger.application.budgetreports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.claviger.application.Outcomes;
import io.claviger.application.Wiring;
import io.claviger.application.budgetreports.BudgetReports.BudgetFilter;
import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.builders.ABudget;
import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.limits.port.AssignedLimitsStore.StoredLimits;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetHolder.Kind;
import io.claviger.domain.budgets.BudgetRaise;
import io.claviger.domain.budgets.BudgetReference;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.Role;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BudgetReportsTest {
  private static final Budget BUDGET = ABudget.requests(5).build();

  private static final Limits LIMITS = limits(BUDGET);

  private static Limits limits(Budget budget) {
    return new Limits(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        new Budgets(List.of(budget)));
  }

  private final Wiring w = new Wiring();
  private final List<Integer> read = new ArrayList<>();
  private final List<User.Id> heldByGroup = new ArrayList<>();

  /**
   * A share may have hundreds of long names, so a thousand shares at once could fill the memory.
   */
  @Test
  void the_budgets_of_very_many_shares_are_found_in_parts() {
    User alice = w.user("alice");
    Instance service = w.stored(AnInstance.of(alice, "s").build());
    for (int n = 0; n < 250; n++) {
      User borrower = w.user("borrower-" + n);
      w.claviger
          .shares()
          .insert(service.id(), AShare.with(borrower).limits(LIMITS).build(), alice.id());
    }

    List<BudgetReport> found =
        Outcomes.done(
                reports()
                    .list(
                        w.as(alice),
                        new BudgetFilter(
                            Optional.of(service.ref()), Optional.empty(), Optional.empty()),
                        PageRequest.first()))
            .items();

    assertThat(found).hasSize(250);
    assertThat(read).isNotEmpty().allSatisfy(limit -> assertThat(limit).isLessThanOrEqualTo(100));
  }

  @Test
  void the_budgets_of_very_many_services_are_found_in_parts() {
    User alice = w.user("alice");
    for (int n = 0; n < 130; n++) {
      w.stored(AnInstance.of(alice, "s-" + n).limits(LIMITS).build());
    }
    int before = w.facts.asked();

    Page<BudgetReport, Instance.Ref> all =
        Outcomes.done(
            reports()
                .list(w.as(alice), BudgetFilter.NONE, new PageRequest<>(Optional.empty(), 200)));

    assertThat(all.items()).hasSize(130);
    assertThat(all.next()).isEmpty();
    assertThat(w.facts.asked() - before).isGreaterThanOrEqualTo(3);
    assertThat(
            Outcomes.done(
                    reports()
                        .list(
                            w.as(alice),
                            BudgetFilter.NONE,
                            new PageRequest<>(Optional.empty(), 100)))
                .items())
        .hasSize(100);
  }

  /** Whatever the filter is, a token of scope {@code use} shows only what its user may use. */
  @Test
  void a_token_of_scope_use_shows_an_owner_no_budgets_of_borrowers() {
    User alice = w.user("alice");
    User bob = w.user("bob");
    Instance service = w.stored(AnInstance.of(alice, "s").build());
    w.stored(service, AShare.with(bob).limits(LIMITS).build());
    BudgetFilter ofBob = ofUser(bob);
    BudgetFilter ofBobHere =
        new BudgetFilter(Optional.of(service.ref()), Optional.of(bob.handle()), Optional.empty());

    assertThat(listed(w.as(alice), ofBob).items()).hasSize(1);
    assertThat(listed(w.as(alice), ofBobHere).items()).hasSize(1);
    assertThat(listed(w.using(alice), ofBob).items()).isEmpty();
    assertThat(listed(w.using(alice), ofBobHere).items()).isEmpty();
  }

  /** The cursor of a page is the name of a service. */
  @Test
  void a_token_of_scope_use_shows_an_administrator_no_services_of_others() {
    User root = w.administrator("root-2");
    User bob = w.user("bob");
    w.stored(AnInstance.of(bob, "s-1").limits(LIMITS).build());
    w.stored(AnInstance.of(bob, "s-2").limits(LIMITS).build());

    assertThat(listed(w.as(root), ofUser(bob)).next()).isPresent();
    Page<BudgetReport, Instance.Ref> shown = listed(w.using(root), ofUser(bob));

    assertThat(shown.items()).isEmpty();
    assertThat(shown.next()).isEmpty();
  }

  @Test
  void a_token_of_scope_use_shows_no_assigned_budgets_of_others() {
    User root = w.administrator("root-2");
    User alice = w.user("alice");
    User robot = AUser.called("robot").serviceAccountOf(alice).build();
    w.claviger.users().insert(robot);
    Group team = AGroup.called("team");
    w.claviger.groups().insert(team);
    w.claviger
        .groups()
        .putMember(
            team.id(),
            new GroupMember(alice.id(), alice.handle(), GroupRole.MANAGER, Seeds.SEEDED_AT));
    w.claviger
        .groups()
        .putMember(
            team.id(),
            new GroupMember(robot.id(), robot.handle(), GroupRole.MEMBER, Seeds.SEEDED_AT));
    StoredLimits limits = new StoredLimits(LIMITS, 2);
    w.claviger.assignedLimits().save(robot.id(), limits, Seeds.SEEDED_AT);
    w.claviger.assignedLimits().save(team.id(), false, limits, Seeds.SEEDED_AT);
    BudgetFilter ofTeam =
        new BudgetFilter(Optional.empty(), Optional.empty(), Optional.of(team.handle()));

    for (User user : List.of(root, alice)) {
      assertThat(listed(w.as(user), ofUser(robot)).items()).hasSize(2);
      assertThat(listed(w.using(user), ofUser(robot)).items()).isEmpty();
    }
    assertThat(listed(w.as(alice), ofTeam).items()).hasSize(2);
    assertThat(listed(w.using(alice), ofTeam).items())
        .extracting(report -> report.holder().user())
        .containsExactly(Optional.of(alice.id().value()));
  }

  @Test
  void an_owner_sees_no_budgets_that_administrators_set_for_callers() {
    User alice = w.user("alice");
    User bob = w.user("bob");
    Instance service = w.stored(AnInstance.of(alice, "s").build());
    w.stored(service, AShare.with(bob).limits(LIMITS).build());
    w.claviger.assignedLimits().save(bob.id(), new StoredLimits(LIMITS, 2), Seeds.SEEDED_AT);

    assertThat(kinds(w.as(alice), here(service, bob))).containsExactly(Kind.SERVICE_CALLER);
    assertThat(kinds(w.as(bob), here(service, bob)))
        .containsExactlyInAnyOrder(Kind.SERVICE_CALLER, Kind.USER);
  }

  @Test
  void a_token_of_scope_use_shows_an_administrator_no_budgets_of_a_services_callers() {
    User root = w.administrator("root-2");
    User bob = w.user("bob");
    Instance service = w.stored(AnInstance.systemLevel("s").limits(LIMITS).build());

    assertThat(kinds(w.as(root), here(service, bob))).containsExactly(Kind.SERVICE_CALLER);
    assertThat(kinds(w.using(root), here(service, bob))).isEmpty();
  }

  @Test
  void only_owners_and_administrators_see_the_budgets_of_others_and_of_all_callers() {
    User alice = w.user("alice");
    User bob = w.user("bob");
    User carol = w.user("carol");
    Instance service =
        w.stored(AnInstance.of(alice, "s").budgetsInAll(new Budgets(List.of(BUDGET))).build());
    w.stored(service, AShare.with(bob).role(Role.WRITER).limits(LIMITS).build());
    w.stored(service, AShare.with(carol).limits(LIMITS).build());

    assertThat(kinds(w.as(bob), here(service, carol))).isEmpty();
    assertThat(holders(w.as(bob), here(service)))
        .containsExactly(BudgetHolder.callerOf(service.id().value(), bob.id().value()));
    for (User user : List.of(alice, w.administrator("root-2"))) {
      assertThat(kinds(w.as(user), here(service)))
          .containsExactlyInAnyOrder(Kind.SERVICE, Kind.SERVICE_CALLER, Kind.SERVICE_CALLER);
    }
  }

  @Test
  void only_who_may_write_the_limits_of_a_service_raises_its_budgets() {
    User root = w.administrator("root-2");
    User alice = w.user("alice");
    User bob = w.user("bob");
    Instance hers = w.stored(AnInstance.of(alice, "s").limits(LIMITS).build());
    Instance ofAll = w.stored(AnInstance.systemLevel("s").limits(LIMITS).build());
    w.stored(hers, AShare.with(bob).build());

    assertThat(raisable(w.as(alice), here(hers, alice))).containsExactly(true);
    assertThat(raisable(w.using(alice), here(hers, alice))).containsExactly(false);
    assertThat(raisable(w.as(alice), here(hers, bob))).containsExactly(true);
    assertThat(raisable(w.as(root), here(hers, bob))).containsExactly(false);
    assertThat(raisable(w.as(root), here(ofAll, bob))).containsExactly(true);
    assertThat(raisable(w.as(bob), here(ofAll, bob))).containsExactly(false);
  }

  /** Raising them through the service would let users raise what administrators allow them. */
  @Test
  void an_owner_does_not_raise_what_administrators_allow_them() {
    User alice = w.user("alice");
    Instance service = w.stored(AnInstance.of(alice, "s").build());
    w.claviger.assignedLimits().save(alice.id(), new StoredLimits(LIMITS, 2), Seeds.SEEDED_AT);

    assertThat(kinds(w.as(alice), here(service, alice))).containsExactly(Kind.USER);
    assertThat(raisable(w.as(alice), here(service, alice))).containsExactly(false);
  }

  @Test
  void a_co_owner_raises_only_the_budgets_of_shares_that_they_gave() {
    User alice = w.user("alice");
    User carol = w.user("carol");
    User bob = w.user("bob");
    User dave = w.user("dave");
    Group team = AGroup.called("team");
    w.claviger.groups().insert(team);
    w.claviger
        .groups()
        .putMember(
            team.id(),
            new GroupMember(dave.id(), dave.handle(), GroupRole.MEMBER, Seeds.SEEDED_AT));
    w.claviger
        .groups()
        .putMember(
            team.id(),
            new GroupMember(carol.id(), carol.handle(), GroupRole.MEMBER, Seeds.SEEDED_AT));
    User erin = w.user("erin");
    Limits more = limits(ABudget.requests(8).build());
    for (boolean byCarol : List.of(true, false)) {
      Instance service = w.stored(AnInstance.of(alice, "s-" + byCarol).build());
      User giver = byCarol ? carol : alice;
      w.stored(service, AShare.with(erin).role(Role.OWNER).mayReshare().limits(more).build());
      w.stored(service, AShare.with(carol).role(Role.OWNER).mayReshare().limits(more).build());
      w.stored(service, givenBy(giver, AShare.with(bob)).limits(LIMITS).build());
      w.stored(
          service, givenBy(giver, AShare.with(team)).limits(LIMITS).pooledLimits(LIMITS).build());
      BudgetHolder ofBob = BudgetHolder.callerOf(service.id().value(), bob.id().value());
      BudgetHolder ofDave = BudgetHolder.callerOf(service.id().value(), dave.id().value());
      BudgetHolder ofTeam = BudgetHolder.groupOn(service.id().value(), team.id().value());

      assertThat(raisableHolders(w.as(carol), here(service, bob)))
          .isEqualTo(byCarol ? List.of(ofBob) : List.of());
      assertThat(raisableHolders(w.as(carol), here(service)))
          .as("given by the co-owner: %s", byCarol)
          .containsExactlyInAnyOrderElementsOf(
              byCarol ? List.of(ofBob, ofDave, ofTeam) : List.of());
      assertThat(raisableHolders(w.using(carol), here(service))).isEmpty();
      assertThat(raisableHolders(w.as(erin), here(service))).isEmpty();
      assertThat(raisableHolders(w.as(erin), here(service, bob))).isEmpty();
    }
  }

  private static AShare givenBy(User giver, AShare share) {
    return giver.handle().value().equals("carol") ? share.givenVia(giver) : share.givenBy(giver);
  }

  /** Budgets that limit no call are confusing, and the owner can't change them. */
  @Test
  void an_owner_sees_only_budgets_of_shares_that_are_used_for_calls() {
    User alice = w.user("alice");
    User bob = w.user("bob");
    User carol = w.user("carol");
    Group team = AGroup.called("team");
    w.claviger.groups().insert(team);
    for (User user : List.of(alice, bob)) {
      w.claviger
          .groups()
          .putMember(
              team.id(),
              new GroupMember(user.id(), user.handle(), GroupRole.MEMBER, Seeds.SEEDED_AT));
    }
    Instance service = w.stored(AnInstance.of(alice, "s").build());
    w.stored(service, AShare.with(bob).limits(LIMITS).build());
    w.stored(service, AShare.with(carol).limits(LIMITS).expiresAt(Seeds.SEEDED_AT).build());
    w.stored(service, AShare.with(team).limits(limits(ABudget.tokens(8).build())).build());

    assertThat(listed(w.as(alice), here(service)).items())
        .extracting(BudgetReport::holder, BudgetReport::budget)
        .containsExactly(
            tuple(BudgetHolder.callerOf(service.id().value(), bob.id().value()), BUDGET));
  }

  @Test
  void members_of_a_group_see_its_pool_and_no_budget_of_another_member() {
    User alice = w.user("alice");
    User bob = w.user("bob");
    Group team = AGroup.called("team");
    w.claviger.groups().insert(team);
    for (User user : List.of(alice, bob)) {
      w.claviger
          .groups()
          .putMember(
              team.id(),
              new GroupMember(user.id(), user.handle(), GroupRole.MEMBER, Seeds.SEEDED_AT));
    }
    StoredLimits limits = new StoredLimits(LIMITS, 2);
    w.claviger.assignedLimits().save(bob.id(), limits, Seeds.SEEDED_AT);
    w.claviger.assignedLimits().save(team.id(), false, limits, Seeds.SEEDED_AT);
    w.claviger.assignedLimits().save(team.id(), true, limits, Seeds.SEEDED_AT);
    BudgetHolder pool = BudgetHolder.group(team.id().value());
    BudgetHolder ofAlice = BudgetHolder.memberOf(team.id().value(), alice.id().value());

    assertThat(
            holders(
                w.as(alice),
                new BudgetFilter(Optional.empty(), Optional.empty(), Optional.of(team.handle()))))
        .containsExactlyInAnyOrder(pool, ofAlice);
    assertThat(
            holders(
                w.as(alice),
                new BudgetFilter(
                    Optional.empty(), Optional.of(bob.handle()), Optional.of(team.handle()))))
        .isEmpty();
    assertThat(holders(w.as(alice), ofUser(bob))).isEmpty();
  }

  /** The cursor of a page is the name of a service. */
  @Test
  void a_token_for_one_service_shows_no_budgets_of_another() {
    User alice = w.user("alice");
    Instance first = w.stored(AnInstance.of(alice, "s-1").limits(LIMITS).build());
    w.stored(AnInstance.of(alice, "s-2").limits(LIMITS).build());

    Page<BudgetReport, Instance.Ref> shown =
        listed(w.with(alice, AToken.of(alice).onlyFor(first).build()), BudgetFilter.NONE);

    assertThat(shown.items())
        .extracting(report -> report.holder().service())
        .containsExactly(Optional.of(first.id().value()));
    assertThat(shown.next()).isEmpty();
  }

  @Test
  void the_budgets_of_a_token_are_listed_only_among_its_users_own() {
    User alice = w.user("alice");
    User bob = w.user("bob");
    Actor actor = w.with(alice, AToken.of(alice).limits(LIMITS).build());

    assertThat(kinds(actor, BudgetFilter.NONE)).containsExactly(Kind.TOKEN);
    assertThat(kinds(actor, ofUser(alice))).containsExactly(Kind.TOKEN);
    assertThat(kinds(actor, ofUser(bob))).isEmpty();
  }

  /** Otherwise, the answer would reveal whether the user in the filter exists. */
  @Test
  void a_hidden_service_is_not_found_whether_or_not_the_user_in_the_filter_exists() {
    User alice = w.user("alice");
    User bob = w.user("bob");
    Instance service = w.stored(AnInstance.of(alice, "s").build());

    for (String user : List.of("alice", "bob", "nobody")) {
      BudgetFilter filter =
          new BudgetFilter(
              Optional.of(service.ref()), Optional.of(new Handle(user)), Optional.empty());

      assertThat(Outcomes.because(reports().list(w.as(bob), filter, PageRequest.first())))
          .isEqualTo("not_found");
    }
  }

  /** Otherwise, a leaked token could lift its own limits. */
  @Test
  void a_token_raises_neither_its_own_budgets_nor_those_of_anothers_token() {
    User alice = w.user("alice");
    AccessToken limited = AToken.of(alice).limits(LIMITS).build();
    String budget = id(BudgetHolder.token(limited.id().value()));

    assertThat(Outcomes.because(raise(w.with(alice, limited), budget, 3))).isEqualTo("forbidden");
    assertThat(Outcomes.because(raise(w.as(w.user("bob")), budget, 3))).isEqualTo("not_found");
    assertThat(Outcomes.because(raise(w.as(w.administrator("root-2")), budget, 3)))
        .isEqualTo("not_found");
    assertThat(Outcomes.done(raise(w.as(alice), budget, 3)).raise().amount()).isEqualTo(3);
  }

  @Test
  void a_co_owner_raises_a_budget_up_to_their_own_and_a_borrower_not_at_all() {
    User alice = w.user("alice");
    User carol = w.user("carol");
    User bob = w.user("bob");
    Instance service = w.stored(AnInstance.of(alice, "s").build());
    Limits more = limits(ABudget.requests(8).build());
    w.stored(service, AShare.with(carol).role(Role.OWNER).mayReshare().limits(more).build());
    w.stored(service, AShare.with(bob).givenVia(carol).limits(LIMITS).build());
    String budget = id(BudgetHolder.callerOf(service.id().value(), bob.id().value()));

    assertThat(Outcomes.because(raise(w.as(bob), budget, 1))).isEqualTo("forbidden");
    assertThat(Outcomes.because(raise(w.as(w.user("dave")), budget, 1))).isEqualTo("not_found");
    assertThat(Outcomes.because(raise(w.as(carol), budget, 4))).isEqualTo("forbidden");
    UUID given = Outcomes.done(raise(w.as(carol), budget, 3)).raise().id();
    assertThat(Outcomes.because(reports().endRaise(w.as(bob), budget, given)))
        .isEqualTo("forbidden");
    assertThat(Outcomes.done(reports().endRaise(w.as(carol), budget, given))).isEqualTo(given);
    assertThat(Outcomes.done(raise(w.as(carol), budget, 2)).raise().amount()).isEqualTo(2);
    assertThat(Outcomes.because(raise(w.as(carol), budget, 2))).isEqualTo("forbidden");
    assertThat(Outcomes.done(raise(w.as(carol), budget, 1)).raise().amount()).isEqualTo(1);
    assertThat(Outcomes.done(raise(w.as(alice), budget, 100)).raise().amount()).isEqualTo(100);
  }

  /** The account of a user's budget is the same for all shares that the user may have. */
  @Test
  void what_a_co_owner_adds_is_not_added_to_the_share_that_applies_afterwards() {
    User alice = w.user("alice");
    User carol = w.user("carol");
    User bob = w.user("bob");
    Group team = AGroup.called("team");
    w.claviger.groups().insert(team);
    w.claviger
        .groups()
        .putMember(
            team.id(), new GroupMember(bob.id(), bob.handle(), GroupRole.MEMBER, Seeds.SEEDED_AT));
    Instance service = w.stored(AnInstance.of(alice, "s").build());
    Limits more = limits(ABudget.requests(8).build());
    Instant expiry = w.claviger.clock().instant().plus(Duration.ofMinutes(2));
    w.stored(service, AShare.with(carol).role(Role.OWNER).mayReshare().limits(more).build());
    w.stored(service, AShare.with(team).limits(LIMITS).build());
    w.stored(service, AShare.with(bob).givenVia(carol).limits(LIMITS).expiresAt(expiry).build());
    String budget = id(BudgetHolder.callerOf(service.id().value(), bob.id().value()));

    BudgetRaise ofOwner = Outcomes.done(raise(w.as(alice), budget, 1)).raise();
    BudgetRaise ofCoOwner = Outcomes.done(raise(w.as(carol), budget, 2)).raise();

    assertThat(ofOwner.until()).isAfter(expiry);
    assertThat(ofCoOwner.until()).isEqualTo(expiry);
    assertThat(Outcomes.done(reports().find(w.as(bob), budget)).state().raises())
        .containsExactly(ofCoOwner, ofOwner);
    w.claviger.clock().advance(Duration.ofMinutes(2));
    assertThat(Outcomes.done(reports().find(w.as(bob), budget)).state().raises())
        .containsExactly(ofOwner);
  }

  @Test
  void the_share_of_a_group_is_locked_if_the_members_own_share_has_expired() {
    User alice = w.user("alice");
    User carol = w.user("carol");
    User bob = w.user("bob");
    Group team = AGroup.called("team");
    w.claviger.groups().insert(team);
    for (User user : List.of(bob, carol)) {
      w.claviger
          .groups()
          .putMember(
              team.id(),
              new GroupMember(user.id(), user.handle(), GroupRole.MEMBER, Seeds.SEEDED_AT));
    }
    Instance service = w.stored(AnInstance.of(alice, "s").build());
    Limits more = limits(ABudget.requests(8).build());
    Instant expiry = w.claviger.clock().instant().plus(Duration.ofMinutes(2));
    w.stored(service, AShare.with(carol).role(Role.OWNER).mayReshare().limits(more).build());
    w.stored(service, AShare.with(team).givenVia(carol).limits(LIMITS).build());
    w.stored(service, AShare.with(bob).givenVia(carol).limits(LIMITS).expiresAt(expiry).build());
    String budget = id(BudgetHolder.callerOf(service.id().value(), bob.id().value()));

    assertThat(Outcomes.done(raise(w.as(carol), budget, 1)).raise().until()).isEqualTo(expiry);
    assertThat(heldByGroup).isEmpty();
    w.claviger.clock().advance(Duration.ofMinutes(2));
    assertThat(Outcomes.done(raise(w.as(carol), budget, 1)).raise().until()).isAfter(expiry);
    assertThat(heldByGroup).containsExactly(bob.id());
  }

  @Test
  void the_budget_of_a_member_is_raised_by_administrators_only_while_they_are_a_member() {
    User root = w.administrator("root-2");
    User alice = w.user("alice");
    Group team = AGroup.called("team");
    w.claviger.groups().insert(team);
    w.claviger
        .assignedLimits()
        .save(team.id(), false, new StoredLimits(LIMITS, 2), Seeds.SEEDED_AT);
    String budget = id(BudgetHolder.memberOf(team.id().value(), alice.id().value()));

    assertThat(Outcomes.because(raise(w.as(root), budget, 1))).isEqualTo("not_found");
    w.claviger
        .groups()
        .putMember(
            team.id(),
            new GroupMember(alice.id(), alice.handle(), GroupRole.MANAGER, Seeds.SEEDED_AT));
    assertThat(Outcomes.because(raise(w.as(alice), budget, 1))).isEqualTo("forbidden");
    assertThat(Outcomes.because(raise(w.using(root), budget, 1))).isEqualTo("forbidden");
    assertThat(Outcomes.because(raise(w.as(w.user("bob")), budget, 1))).isEqualTo("not_found");
    assertThat(Outcomes.done(raise(w.as(root), budget, 1)).raise().amount()).isEqualTo(1);
  }

  private static String id(BudgetHolder holder) {
    return BudgetReference.of(new BudgetAccount(holder.account(), BUDGET.key()));
  }

  private Outcome<BudgetReports.GivenRaise> raise(Actor actor, String budget, int amount) {
    Instant until = w.claviger.clock().instant().plus(Duration.ofHours(1));
    return reports()
        .raise(actor, budget, new BudgetReports.NewRaise(BigDecimal.valueOf(amount), until));
  }

  private static BudgetFilter here(Instance service) {
    return new BudgetFilter(Optional.of(service.ref()), Optional.empty(), Optional.empty());
  }

  private static BudgetFilter here(Instance service, User user) {
    return new BudgetFilter(
        Optional.of(service.ref()), Optional.of(user.handle()), Optional.empty());
  }

  private List<BudgetHolder> holders(Actor actor, BudgetFilter filter) {
    return listed(actor, filter).items().stream().map(BudgetReport::holder).toList();
  }

  private List<Kind> kinds(Actor actor, BudgetFilter filter) {
    return holders(actor, filter).stream().map(BudgetHolder::kind).toList();
  }

  private List<Boolean> raisable(Actor actor, BudgetFilter filter) {
    return listed(actor, filter).items().stream().map(BudgetReport::raisable).toList();
  }

  private List<BudgetHolder> raisableHolders(Actor actor, BudgetFilter filter) {
    return listed(actor, filter).items().stream()
        .filter(BudgetReport::raisable)
        .map(BudgetReport::holder)
        .toList();
  }

  private static BudgetFilter ofUser(User user) {
    return new BudgetFilter(Optional.empty(), Optional.of(user.handle()), Optional.empty());
  }

  private Page<BudgetReport, Instance.Ref> listed(Actor actor, BudgetFilter filter) {
    return Outcomes.done(reports().list(actor, filter, new PageRequest<>(Optional.empty(), 1)));
  }

  private BudgetReports reports() {
    return BudgetReports.of(
        new BudgetReports.Stores(
            w.facts,
            w.claviger.instances(),
            watched(w.claviger.shares()),
            w.claviger.users(),
            w.claviger.accessTokens(),
            w.claviger.groups(),
            w.claviger.assignedLimits(),
            w.claviger.budgetStates(),
            w.claviger.holderDirectory()),
        new BudgetReservations(w.claviger.budgetLedger(), System::nanoTime),
        w.changes);
  }

  /** Records how many shares are requested at a time, and for whom a group's share is locked. */
  private InstanceShareStore watched(InstanceShareStore shares) {
    return (InstanceShareStore)
        Proxy.newProxyInstance(
            InstanceShareStore.class.getClassLoader(),
            new Class<?>[] {InstanceShareStore.class},
            (proxy, method, given) -> {
              if (method.getName().equals("holdByGroup")) {
                heldByGroup.add((User.Id) given[1]);
              }
              if (method.getName().equals("listOf")) {
                read.add((Integer) given[given.length - 1]);
              }
              return method.invoke(shares, given);
            });
  }
}
