package io.claviger.application.contracts;

import static io.claviger.application.shared.ConcurrencyConflict.How.REFERENCE_GONE;
import static io.claviger.application.shared.ConcurrencyConflict.How.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.accounts.port.ServiceAccount;
import io.claviger.application.accounts.port.UserDependents;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.builders.ADefinition;
import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.shared.SearchText;
import io.claviger.application.shared.Sight;
import io.claviger.application.shared.StillReferenced;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Email;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What {@link UserStore} promises. */
public abstract class UsersContract extends PortContract {
  @Test
  void a_user_is_found_as_stored() {
    User alice = stored(AUser.called("alice").email("alice@example.org").administrator());

    assertThat(ports.users().find(handle("alice"))).contains(alice);
    assertThat(ports.users().lock(handle("alice"))).contains(alice);
    assertThat(ports.users().hold(handle("alice"))).contains(alice);
  }

  @Test
  void an_unknown_handle_finds_nobody() {
    assertThat(ports.users().find(handle("nobody"))).isEmpty();
    assertThat(ports.users().lock(handle("nobody"))).isEmpty();
    assertThat(ports.users().hold(handle("nobody"))).isEmpty();
  }

  @Test
  void system_is_there_from_the_beginning() {
    assertThat(ports.users().find(Handle.SYSTEM)).contains(Seeds.SYSTEM);
  }

  @Test
  void users_are_listed_by_the_code_points_of_their_handles_without_system() {
    User underscore = user("a_b");
    User letter = user("ab");
    User dash = user("a-b");
    User dot = user("a.b");
    User digit = user("0a");

    assertThat(ports.users().list(none(), none(), 10))
        .containsExactly(digit, dash, dot, underscore, letter);
    assertThat(ports.users().list(none(), Optional.of(handle("a-b")), 2))
        .containsExactly(dot, underscore);
  }

  @Test
  void users_are_searched_and_counted() {
    User alice = stored(AUser.called("alice").email("al_ice@example.org"));
    User bob = user("bob");

    assertThat(ports.users().list(text("LIC"), none(), 10)).containsExactly(alice);
    assertThat(ports.users().list(text("l_i"), none(), 10)).containsExactly(alice);
    assertThat(ports.users().list(text("l%e"), none(), 10)).isEmpty();
    assertThat(ports.users().list(none(), none(), 10)).containsExactly(alice, bob);
    assertThat(ports.users().count(none(), 10)).isEqualTo(2);
    assertThat(ports.users().count(none(), 1)).isEqualTo(1);
    assertThat(ports.users().count(text("OB"), 10)).isEqualTo(1);
    assertThat(ports.users().count(text("system"), 10)).isZero();
  }

  @Test
  void the_handles_are_known_of_those_whom_other_lists_show() {
    User alice = user("alice");
    User bob = user("bob");
    User carol = user("carol");
    User dora = user("dora");
    User zoe = user("zoe");
    Sight sight = new Sight(alice.id(), false, none(), false);

    assertThat(known(sight, none())).isEmpty();
    assertThat(ports.users().isKnown(sight, zoe.handle(), NOW)).isFalse();
    assertThat(known(Sight.ofEverything(alice.id()), none()))
        .containsExactly("bob", "carol", "dora", "zoe");
    assertThat(known(Sight.ofEverything(alice.id()), text("O")))
        .containsExactly("bob", "carol", "dora", "zoe");
    assertThat(known(Sight.ofEverything(alice.id()), text("_"))).isEmpty();

    stored(AUser.called("ci-bot").serviceAccountOf(alice));
    assertThat(known(sight, none())).containsExactly("ci-bot");

    Instance alices = stored(AnInstance.of(alice, "one").build());
    ports.shares().insert(alices.id(), AShare.with(bob).givenBy(alice).build(), alice.id());
    assertThat(known(sight, none())).containsExactly("bob", "ci-bot");
    assertThat(known(new Sight(bob.id(), false, none(), false), none())).containsExactly("alice");

    Instance zoes = stored(AnInstance.of(zoe, "two").build());
    ports.shares().insert(zoes.id(), AShare.with(dora).givenBy(zoe).build(), zoe.id());
    Share ended = AShare.with(alice).givenBy(zoe).expiresAt(NOW).build();
    ports.shares().insert(zoes.id(), ended, zoe.id());
    assertThat(known(sight, none())).containsExactly("bob", "ci-bot");
    ports.shares().update(zoes.id(), AShare.with(alice).version(2).givenBy(zoe).build(), zoe.id());
    assertThat(known(sight, none())).containsExactly("bob", "ci-bot", "zoe");
    ports
        .shares()
        .update(
            zoes.id(),
            AShare.with(alice).role(Role.WRITER).version(3).givenBy(zoe).build(),
            zoe.id());
    assertThat(known(sight, none())).containsExactly("bob", "ci-bot", "dora", "zoe");
    assertThat(known(sight, text("OR"))).containsExactly("dora");
    assertThat(ports.users().isKnown(sight, dora.handle(), NOW)).isTrue();
    assertThat(ports.users().isKnown(sight, carol.handle(), NOW)).isFalse();
  }

  private List<String> known(Sight sight, Optional<SearchText> text) {
    return ports.users().known(sight, text, NOW, 10).stream().map(Handle::value).toList();
  }

  private static Optional<SearchText> text(String text) {
    return Optional.of(new SearchText(text));
  }

  @Test
  void a_service_account_is_found_with_who_is_responsible() {
    User alice = user("alice");
    User bot = stored(AUser.called("ci-bot").serviceAccountOf(alice));

    assertThat(ports.users().find(handle("ci-bot"))).contains(bot);
    assertThat(ports.users().lock(handle("ci-bot"))).contains(bot);
  }

  @Test
  void another_person_becomes_responsible_and_a_suspension_is_stored() {
    User alice = user("alice");
    User bob = user("bob");
    User bot = stored(AUser.called("ci-bot").serviceAccountOf(alice));
    User changed =
        bot.withResponsible(new Responsible.Person(bob.id(), bob.handle()))
            .withSuspension(Optional.of(NOW), NOW);

    ports.users().update(changed);

    assertThat(ports.users().find(handle("ci-bot"))).contains(changed);
  }

  @Test
  void who_is_responsible_for_a_service_account_is_not_deleted() {
    User alice = user("alice");
    User bot = stored(AUser.called("ci-bot").serviceAccountOf(alice));

    assertThatExceptionOfType(StillReferenced.class)
        .isThrownBy(() -> ports.users().delete(alice.id()));

    ports.users().delete(bot.id());
    ports.users().delete(alice.id());
    assertThat(ports.users().find(handle("alice"))).isEmpty();
  }

  @Test
  void nobody_is_responsible_who_is_gone_or_a_service_account() {
    User alice = user("alice");
    User bot = stored(AUser.called("ci-bot").serviceAccountOf(alice));

    assertLost(
        REFERENCE_GONE,
        () ->
            ports
                .users()
                .insert(AUser.called("a").serviceAccountOf(AUser.called("gone").build()).build()));
    assertLost(
        REFERENCE_GONE,
        () -> ports.users().insert(AUser.called("b").serviceAccountOf(bot).build()));
  }

  @Test
  void service_accounts_are_listed_to_who_is_responsible_with_their_live_tokens() {
    User alice = user("alice");
    User second = stored(AUser.called("b-bot").serviceAccountOf(alice));
    User first = stored(AUser.called("a-bot").serviceAccountOf(alice));
    stored(AUser.called("c-bot").serviceAccountOf(user("bob")));
    Instant made = NOW.minusSeconds(60);
    ports.accessTokens().save(AToken.of(first).createdAt(made).build(), hash(1));
    ports.accessTokens().save(AToken.of(first).createdAt(NOW).build(), hash(2));
    ports
        .accessTokens()
        .save(AToken.of(first).createdAt(made.minusSeconds(9)).expiresAt(NOW).build(), hash(3));

    assertThat(ports.users().listServiceAccounts(alice.id(), NOW, Optional.empty(), 9))
        .containsExactly(
            new ServiceAccount(first, 2, Optional.of(made), Optional.empty()),
            new ServiceAccount(second, 0, Optional.empty(), Optional.empty()));
    assertThat(ports.users().listServiceAccounts(alice.id(), NOW, Optional.of(first.handle()), 1))
        .extracting(ServiceAccount::account)
        .containsExactly(second);
    assertThat(ports.users().listServiceAccounts(first.id(), NOW, Optional.empty(), 9)).isEmpty();
  }

  @Test
  void a_service_account_that_manages_a_group_is_responsible_for_nobody() {
    Group team = AGroup.called("team");
    ports.groups().insert(team);
    User alice = user("alice");
    User bot = stored(AUser.called("bot").serviceAccountOf(alice));
    User other =
        stored(
            AUser.called("other")
                .serviceAccountOf(new Responsible.GroupManagers(team.id().value(), team.handle())));
    for (User manager : List.of(alice, bot)) {
      ports
          .groups()
          .putMember(
              team.id(), new GroupMember(manager.id(), manager.handle(), GroupRole.MANAGER, NOW));
    }

    assertThat(ports.users().answersAsManager(team.id().value(), alice.id())).isTrue();
    assertThat(ports.users().answersAsManager(team.id().value(), bot.id())).isFalse();
    assertThat(ports.users().holdAsManager(team.id().value(), alice.id())).isTrue();
    assertThat(ports.users().holdAsManager(team.id().value(), bot.id())).isFalse();
    assertThat(ports.users().holdAsManager(UUID.randomUUID(), alice.id())).isFalse();
    assertThat(ports.users().listServiceAccounts(alice.id(), NOW, Optional.empty(), 9))
        .extracting(ServiceAccount::account)
        .containsExactly(bot, other);
    assertThat(ports.users().listServiceAccounts(bot.id(), NOW, Optional.empty(), 9)).isEmpty();
  }

  @Test
  void a_handle_is_taken_once() {
    User alice = user("alice");

    assertLost(TAKEN, () -> ports.users().insert(AUser.called("alice").build()));

    assertThat(ports.users().find(handle("alice"))).contains(alice);
  }

  @Test
  void an_update_stores_what_can_change() {
    User alice = user("alice");

    User changed =
        alice.with(
            FieldValues.NONE
                .with(CommonFields.DISPLAY_NAME, new DisplayName("Alice"))
                .with(User.EMAIL, new Email("a@example.org"))
                .with(User.ADMINISTRATOR, true),
            NOW);
    ports.users().update(changed);

    assertThat(ports.users().find(handle("alice"))).contains(changed);
  }

  @Test
  void who_is_gone_can_not_be_updated_or_deleted() {
    User gone = AUser.called("gone").build();

    assertLost(REFERENCE_GONE, () -> ports.users().update(gone));
    assertLost(REFERENCE_GONE, () -> ports.users().delete(gone.id()));
  }

  @Test
  void system_stays() {
    assertThatExceptionOfType(StillReferenced.class)
        .isThrownBy(() -> ports.users().delete(User.Id.SYSTEM));
  }

  @Test
  void a_user_goes_with_everything_that_is_theirs() {
    User alice = user("alice");
    User bob = user("bob");
    Definition definition = stored(ADefinition.of(alice, "template").build());
    Instance own = stored(AnInstance.of(alice, "own").from(definition).build());
    Instance bobs = stored(AnInstance.of(bob, "his").build());
    Share bobsShare = shared(own, AShare.with(bob).build(), alice);
    shared(bobs, AShare.with(alice).build(), bob);
    ports.accessTokens().save(AToken.of(alice).build(), hash(1));
    ports.accessTokens().save(AToken.of(bob).onlyFor(own).build(), hash(2));
    ports.accessTokens().save(AToken.of(bob).build(), hash(3));

    ports.users().delete(alice.id());

    assertThat(ports.users().find(alice.handle())).isEmpty();
    assertThat(ports.definitions().find(definition.ref(), bob.id())).isEmpty();
    assertThat(ports.instances().find(own.id(), bob.id(), NOW)).isEmpty();
    assertThat(ports.shares().find(own.id(), bobsShare.grantee().id())).isEmpty();
    assertThat(ports.shares().find(bobs.id(), alice.id())).isEmpty();
    assertThat(ports.accessTokens().find(hash(1))).isEmpty();
    assertThat(ports.accessTokens().find(hash(2))).isEmpty();
    assertThat(ports.accessTokens().find(hash(3))).isPresent();
    assertThat(ports.instances().find(bobs.id(), bob.id(), NOW)).isPresent();
  }

  @Test
  void a_users_projects_go_with_them_and_with_what_these_use() {
    User alice = user("alice");
    User bob = user("bob");
    Instance own = stored(AnInstance.of(alice, "own").build());
    Instance bobs = stored(AnInstance.of(bob, "his").build());
    Project usesOwn = stored(AProject.of(alice, "uses-own").using(own).build());
    Project usesBobs = stored(AProject.of(alice, "uses-bobs").using(bobs).build());
    ports.projectShares().insert(usesOwn.id(), AShare.with(bob).build(), alice.id());
    ports.accessTokens().save(AToken.of(bob).onlyFor(usesOwn).build(), hash(1));

    ports.users().delete(alice.id());

    assertThat(ports.projects().find(usesOwn.ref(), bob.id())).isEmpty();
    assertThat(ports.projects().find(usesBobs.ref(), bob.id())).isEmpty();
    assertThat(ports.instances().find(own.id(), bob.id(), NOW)).isEmpty();
    assertThat(ports.instances().find(bobs.id(), bob.id(), NOW)).isPresent();
    assertThat(ports.projectShares().find(usesOwn.id(), bob.id())).isEmpty();
    assertThat(ports.accessTokens().find(hash(1))).isEmpty();
  }

  @Test
  void a_user_whose_instance_somebody_elses_project_uses_stays() {
    User alice = user("alice");
    User bob = user("bob");
    Instance own = stored(AnInstance.of(alice, "own").build());
    stored(AProject.of(alice, "uses-own").using(own).build());
    Project bobs = stored(AProject.of(bob, "uses-alices").using(own).build());

    assertThatExceptionOfType(StillReferenced.class)
        .isThrownBy(() -> ports.users().delete(alice.id()));

    assertThat(ports.users().find(alice.handle())).contains(alice);
    ports.projects().delete(bobs.id());
    ports.users().delete(alice.id());
    assertThat(ports.users().find(alice.handle())).isEmpty();
  }

  @Test
  void what_others_made_from_a_users_definition_stays_without_the_reference() {
    User alice = user("alice");
    User bob = user("bob");
    Definition definition = stored(ADefinition.of(alice, "template").isPublic().build());
    Instance bobs =
        stored(
            AnInstance.of(bob, "his")
                .from(definition)
                .endpointSetBy(Optional.of(alice.id()))
                .headersSetBy(alice)
                .build());

    ports.users().delete(alice.id());

    Instance left = ports.instances().find(bobs.id(), bob.id(), NOW).orElseThrow().instance();
    assertThat(left.settings().definition()).isEmpty();
    assertThat(left.definitionRef()).isEmpty();
    assertThat(left.endpointSetBy()).isEmpty();
    assertThat(left.headersSetBy()).isEmpty();
  }

  @Test
  void what_a_co_owner_gave_goes_with_them() {
    User alice = user("alice");
    User bob = user("bob");
    User carol = user("carol");
    Instance instance = stored(AnInstance.of(alice, "own").build());
    shared(instance, AShare.with(bob).role(Role.OWNER).build(), alice);
    shared(instance, AShare.with(carol).givenVia(bob).build(), bob);

    ports.users().delete(bob.id());

    assertThat(ports.shares().listOf(instance.id(), none(), 10)).isEmpty();
  }

  @Test
  void what_an_administrator_gave_stays_without_their_name() {
    User alice = user("alice");
    User root = stored(AUser.called("root").administrator());
    User carol = user("carol");
    Instance instance = stored(AnInstance.of(alice, "own").build());
    shared(instance, AShare.with(carol).givenBy(root).build(), root);

    ports.users().delete(root.id());

    assertThat(ports.shares().find(instance.id(), carol.id()))
        .get()
        .satisfies(share -> assertThat(share.givenBy()).isEmpty());
  }

  @Test
  void others_depend_on_projects_through_which_they_call_a_service() {
    User alice = user("alice");
    User bob = user("bob");
    Instance service = stored(AnInstance.of(alice, "s").build());
    Project team = stored(AProject.of(alice, "team").using(service).build());
    Project unbound = stored(AProject.of(alice, "unbound").build());
    assertThat(ports.users().dependentsOf(alice.id(), NOW).isEmpty()).isTrue();

    for (Project project : List.of(team, unbound)) {
      ports
          .projectShares()
          .insert(project.id(), AShare.with(bob).givenBy(alice).build(), alice.id());
    }

    UserDependents dependents = ports.users().dependentsOf(alice.id(), NOW);
    assertThat(dependents.projects().named()).containsExactly("alice/team");
    assertThat(dependents.services()).isEqualTo(UserDependents.Kind.NONE);
    assertThat(ports.users().dependentsOf(bob.id(), NOW).isEmpty()).isTrue();
  }

  @Test
  void one_person_acts_as_the_accounts_for_which_they_are_responsible() {
    User alice = user("alice");
    User bob = user("bob");
    Responsible managers = managedBy("team", alice);
    join(managers, bob, GroupRole.MEMBER);
    User robot = stored(AUser.called("robot").serviceAccountOf(alice));
    User drone = stored(AUser.called("drone").serviceAccountOf(bob));
    User machine = stored(AUser.called("machine").serviceAccountOf(managers));

    assertThat(Set.of(alice, robot, machine))
        .allSatisfy(
            one -> {
              for (User other : List.of(alice, robot, machine)) {
                assertThat(ports.users().sharePerson(one.id(), other.id())).isTrue();
              }
              for (User other : List.of(bob, drone)) {
                assertThat(ports.users().sharePerson(one.id(), other.id())).isFalse();
                assertThat(ports.users().sharePerson(other.id(), one.id())).isFalse();
              }
            });
    assertThat(ports.users().sharePerson(drone.id(), bob.id())).isTrue();
  }

  @Test
  void who_acts_as_a_manager_acts_as_the_accounts_for_which_the_managers_are_responsible() {
    User alice = user("alice");
    User bob = user("bob");
    User robot = stored(AUser.called("robot").serviceAccountOf(alice));
    Responsible managers = managedBy("team", robot);
    User machine = stored(AUser.called("machine").serviceAccountOf(managers));
    join(managers, machine, GroupRole.MANAGER);

    for (User one : List.of(alice, robot, machine)) {
      assertThat(ports.users().sharePerson(one.id(), machine.id())).isTrue();
      assertThat(ports.users().sharePerson(machine.id(), one.id())).isTrue();
    }
    assertThat(ports.users().sharePerson(bob.id(), machine.id())).isFalse();
  }

  @Test
  void service_accounts_depend_on_the_only_manager_of_the_group_that_answers_for_them() {
    User alice = user("alice");
    User bob = user("bob");
    Responsible managers = managedBy("team", alice);
    assertThat(ports.users().dependentsOf(alice.id(), NOW).isEmpty()).isTrue();

    User unused = stored(AUser.called("robot").serviceAccountOf(managers));

    assertThat(ports.users().dependentsOf(alice.id(), NOW).accounts().named())
        .containsExactly("robot");
    join(managers, bob, GroupRole.MANAGER);
    assertThat(ports.users().dependentsOf(alice.id(), NOW).isEmpty()).isTrue();
  }

  @Test
  void a_successor_answers_for_the_accounts_for_which_nobody_else_does() {
    User alice = user("alice");
    User bob = user("bob");
    User robot = stored(AUser.called("robot").serviceAccountOf(alice));
    User machine = stored(AUser.called("machine").serviceAccountOf(managedBy("one", alice)));
    User drone = stored(AUser.called("drone").serviceAccountOf(managedBy("two", alice, bob)));

    ports.users().replaceResponsible(alice.id(), bob.id(), NOW);

    assertThat(List.of(robot, machine))
        .allSatisfy(
            account ->
                assertThat(ports.users().find(account.handle()).orElseThrow().responsible())
                    .contains(new Responsible.Person(bob.id(), bob.handle())));
    assertThat(ports.users().find(drone.handle())).contains(drone);
  }

  private Responsible managedBy(String handle, User... managers) {
    Group group = AGroup.called(handle);
    ports.groups().insert(group);
    Responsible responsible = new Responsible.GroupManagers(group.id().value(), group.handle());
    for (User user : managers) {
      join(responsible, user, GroupRole.MANAGER);
    }
    return responsible;
  }

  private void join(Responsible group, User user, GroupRole role) {
    ports
        .groups()
        .putMember(
            new Group.Id(group.uuid()), new GroupMember(user.id(), user.handle(), role, NOW));
  }

  @Test
  void administrators_are_counted() {
    assertThat(administrators()).isZero();
    User root = stored(AUser.called("root").administrator());
    User boss = stored(AUser.called("boss").administrator());
    user("alice");
    assertThat(administrators()).isEqualTo(2);

    ports.users().update(root.withAdministrator(false, NOW));

    assertThat(administrators()).isEqualTo(1);

    ports.users().update(boss.withSuspension(Optional.of(NOW), NOW));

    assertThat(administrators()).as("who can act").isZero();
  }

  @Test
  void it_is_empty_until_there_is_somebody_but_system() {
    assertThat(ports.users().isEmpty()).isTrue();

    user("alice");

    assertThat(ports.users().isEmpty()).isFalse();
  }

  private int administrators() {
    return ports.transactions().inTransaction(() -> ports.users().lockAdministrators().size());
  }
}
