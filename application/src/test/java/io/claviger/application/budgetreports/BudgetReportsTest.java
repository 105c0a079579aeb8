package io.claviger.application.budgetreports;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Outcomes;
import io.claviger.application.Wiring;
import io.claviger.application.budgetreports.BudgetReports.BudgetFilter;
import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.builders.ABudget;
import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.limits.port.AssignedLimitsStore.StoredLimits;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BudgetReportsTest {
  private static final Budget BUDGET = ABudget.requests(5).build();

  private static final Limits LIMITS =
      new Limits(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          new Budgets(List.of(BUDGET)));

  private final Wiring w = new Wiring();
  private final List<Integer> read = new ArrayList<>();

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

  /** Records how many shares are requested at a time. */
  private InstanceShareStore watched(InstanceShareStore shares) {
    return (InstanceShareStore)
        Proxy.newProxyInstance(
            InstanceShareStore.class.getClassLoader(),
            new Class<?>[] {InstanceShareStore.class},
            (proxy, method, given) -> {
              if (method.getName().equals("listOf")) {
                read.add((Integer) given[given.length - 1]);
              }
              return method.invoke(shares, given);
            });
  }
}
