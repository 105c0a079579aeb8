package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.budgets.BudgetDemand;
import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.budgets.ReserveDecision;
import io.claviger.application.builders.ABudget;
import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.identity.Subject;
import io.claviger.domain.identity.UnfollowedGroups;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.Visibility;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.persistence.budgets.JdbcBudgetLedger;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests that users can't get full budgets again by deleting themselves and signing in again. */
final class RegainedBudgetsTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();

  private final User alice = AUser.called("alice").build();
  private final User bob = AUser.called("bob").build();
  private final Group local = AGroup.called("local");
  private final Group synced = AGroup.synced("synced", "Synced");
  private final Instance everybodys = AnInstance.systemLevel("for-all").build();
  private final Instance service = AnInstance.of(alice, "s").build();
  private final Project project = AProject.of(alice, "p").using(service).build();

  @BeforeEach
  void fill() {
    PORTS.emptied();
    PORTS.users().insert(alice);
    PORTS.users().insert(bob);
    PORTS.identities().insert(identity(bob));
    for (Instance each : List.of(everybodys, service)) {
      PORTS.instances().insert(each, new SecretChange.Keep(), new SecretChange.Keep());
    }
    PORTS.projects().insert(project);
    for (Group group : List.of(local, synced)) {
      PORTS.groups().insert(group);
      PORTS
          .groups()
          .putMember(
              group.id(),
              new GroupMember(bob.id(), bob.handle(), GroupRole.MEMBER, Seeds.SEEDED_AT));
    }
  }

  private static LinkedIdentity identity(User person) {
    return new LinkedIdentity(
        new Identity(new Issuer("https://issuer.example"), new Subject(person.handle().value())),
        person.id(),
        true,
        false,
        Seeds.SEEDED_AT,
        Optional.empty(),
        UnfollowedGroups.NONE,
        false);
  }

  private static void use(BudgetHolder holder) {
    BudgetReservations node =
        new BudgetReservations(new JdbcBudgetLedger(PORTS.database()), System::nanoTime);
    Budget budget = ABudget.tokens(1_000).per(BudgetWindow.MONTH).build();
    BudgetMeter meter = new BudgetMeter(holder.account(), budget, true);
    assertThat(node.reserve(List.of(new BudgetDemand(meter, 5, Optional.empty()))))
        .isInstanceOf(ReserveDecision.Reserved.class);
    node.report();
    node.end();
  }

  private static BudgetHolder caller(Instance instance, User user) {
    return BudgetHolder.callerOf(instance.id().value(), user.id().value());
  }

  private BudgetHolder throughProject(User user) {
    return BudgetHolder.callerThrough(project.id().value(), user.id().value());
  }

  private boolean regains(User user) {
    return PORTS.users().wouldRegainBudgets(user.id());
  }

  private static Share reader(Group group) {
    return AShare.with(group).role(Role.READER).build();
  }

  @Test
  void a_budget_of_everybody() {
    assertThat(regains(bob)).isFalse();
    use(caller(everybodys, alice));
    assertThat(regains(bob)).as("somebody else has used it").isFalse();

    use(caller(everybodys, bob));

    assertThat(regains(bob)).isTrue();
    assertThat(regains(alice)).as("no identity provider knows alice").isFalse();
  }

  @Test
  void whoever_has_no_identity_is_not_the_same_person_later() {
    use(caller(everybodys, bob));
    assertThat(PORTS.identities().delete(bob.id())).isTrue();

    assertThat(regains(bob)).isFalse();
  }

  @Test
  void a_share_of_a_synced_group_is_there_again() {
    use(caller(service, bob));
    assertThat(regains(bob)).isFalse();
    PORTS.shares().insert(service.id(), AShare.with(bob).build(), alice.id());
    PORTS.shares().insert(service.id(), reader(local), alice.id());
    assertThat(regains(bob)).as("these end together with the user").isFalse();

    PORTS.shares().insert(service.id(), reader(synced), alice.id());

    assertThat(regains(bob)).isTrue();
  }

  @Test
  void a_share_of_a_synced_group_that_has_expired_is_not_there_again() {
    use(caller(service, bob));
    Share expired = AShare.with(synced).role(Role.READER).expiresAt(Seeds.SEEDED_AT).build();
    PORTS.shares().insert(service.id(), expired, alice.id());

    assertThat(regains(bob)).isFalse();
  }

  @Test
  void owners_lose_what_they_share_with_a_synced_group() {
    PORTS.identities().insert(identity(alice));
    PORTS
        .groups()
        .putMember(
            synced.id(),
            new GroupMember(alice.id(), alice.handle(), GroupRole.MEMBER, Seeds.SEEDED_AT));
    PORTS.shares().insert(service.id(), reader(synced), alice.id());
    PORTS.projectShares().insert(project.id(), reader(synced), alice.id());
    use(caller(service, alice));
    use(throughProject(alice));

    assertThat(regains(alice)).isFalse();
  }

  @Test
  void a_membership_of_a_synced_group_in_a_project_is_there_again() {
    for (BudgetHolder holder : List.of(throughProject(bob), caller(service, bob))) {
      fill();
      use(holder);
      PORTS.projectShares().insert(project.id(), reader(local), alice.id());
      assertThat(regains(bob)).isFalse();

      PORTS.projectShares().insert(project.id(), reader(synced), alice.id());

      assertThat(regains(bob)).isTrue();
    }
  }

  @Test
  void a_project_for_everybody_is_there_again() {
    for (BudgetHolder holder : List.of(throughProject(bob), caller(service, bob))) {
      fill();
      use(holder);
      assertThat(regains(bob)).isFalse();

      PORTS.projects().update(opened());

      assertThat(regains(bob)).isTrue();
    }
  }

  private Project opened() {
    return project.with(
        project.values().with(Project.VISIBILITY, Visibility.EVERYBODY),
        project.instance(),
        Seeds.SEEDED_AT);
  }

  @Test
  void owners_lose_their_own_projects() {
    PORTS.identities().insert(identity(alice));
    PORTS.projects().update(opened());
    use(throughProject(alice));
    use(caller(service, alice));

    assertThat(regains(alice)).isFalse();
  }

  @Test
  void budgets_of_other_holders_do_not_count() {
    use(BudgetHolder.user(bob.id().value()));
    use(BudgetHolder.token(UUID.randomUUID()));
    use(BudgetHolder.memberOf(synced.id().value(), bob.id().value()));
    use(BudgetHolder.service(everybodys.id().value()));

    assertThat(regains(bob)).isFalse();
  }

  @Test
  void a_window_that_has_ended_does_not_count() {
    use(caller(everybodys, bob));
    int rows =
        PORTS
            .database()
            .jdbc()
            .sql("update budget_windows set ends_at = clock_timestamp()")
            .update();
    assertThat(rows).isOne();

    assertThat(regains(bob)).isFalse();
  }
}
