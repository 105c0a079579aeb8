package io.claviger.application.accounts;

import static io.claviger.application.Outcomes.because;
import static io.claviger.application.Outcomes.detail;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.ADefinition;
import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.limits.port.AssignedLimitsStore.StoredLimits;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeleteUserTest {
  private static final Outcome<Handle> DELETED = Outcome.done(new Handle("alice"));

  private static final Instant NOW = Instant.parse("2026-11-25T00:00:00Z");
  private static final StoredLimits TEN =
      new StoredLimits(new Limits(Optional.of(10), Optional.empty(), Optional.empty()), 1);

  private final Wiring w = new Wiring();
  private final User root = w.administrator("root");
  private final User alice = w.user("alice");
  private final User bob = w.user("bob");

  @Test
  void users_delete_themselves() {
    assertThat(delete(alice, "alice")).isEqualTo(DELETED);
    assertThat(w.claviger.users().find(alice.handle())).isEmpty();
  }

  @Test
  void who_is_limited_does_not_delete_themselves() {
    w.claviger.assignedLimits().save(alice.id(), TEN, NOW);

    assertThat(because(delete(alice, "alice"))).isEqualTo("forbidden");
    assertThat(w.claviger.users().find(alice.handle())).isPresent();
    assertThat(delete(root, "alice")).isEqualTo(DELETED);
  }

  @Test
  void whose_group_is_limited_does_not_delete_themselves() {
    for (boolean synced : List.of(true, false)) {
      for (boolean pooled : List.of(true, false)) {
        User member = w.user("member-" + synced + "-" + pooled);
        Group group = group(member, synced);
        assertThat(w.claviger.users().limited(member.id())).isFalse();
        w.claviger.assignedLimits().save(group.id(), pooled, TEN, NOW);

        assertThat(because(delete(member, member.handle().value()))).isEqualTo("forbidden");

        w.claviger.assignedLimits().save(group.id(), pooled, StoredLimits.NEVER, NOW);
        assertThat(delete(member, member.handle().value()))
            .isEqualTo(Outcome.done(member.handle()));
      }
    }
  }

  @Test
  void who_would_regain_a_used_budget_does_not_delete_themselves() {
    w.claviger.users().useBudgetOfEverybody(alice.id());

    assertThat(because(delete(alice, "alice"))).isEqualTo("forbidden");
    assertThat(w.claviger.users().find(alice.handle())).isPresent();
    assertThat(delete(bob, "bob")).isEqualTo(Outcome.done(bob.handle()));
    assertThat(delete(root, "alice")).isEqualTo(DELETED);
  }

  private Group group(User member, boolean synced) {
    if (synced) {
      List<String> unused =
          w.claviger
              .syncedGroups()
              .replaceMemberships(
                  member.id(),
                  new Issuer("https://idp.example"),
                  List.of("synced-" + member.handle().value()),
                  NOW);
      return w.claviger
          .groups()
          .hold(new Handle("synced-" + member.handle().value()))
          .orElseThrow();
    }
    Group group = AGroup.called("local-" + member.handle().value());
    w.claviger.groups().insert(group);
    w.claviger
        .groups()
        .putMember(
            group.id(), new GroupMember(member.id(), member.handle(), GroupRole.MANAGER, NOW));
    return group;
  }

  @Test
  void a_limited_administrator_deletes_themselves() {
    User second = w.administrator("second");
    w.claviger.assignedLimits().save(second.id(), TEN, NOW);

    assertThat(delete(second, "second")).isEqualTo(Outcome.done(new Handle("second")));
  }

  @Test
  void an_administrator_deletes_anybody() {
    assertThat(delete(root, "alice")).isEqualTo(DELETED);
  }

  @Test
  void another_user_is_not_there() {
    assertThat(because(delete(alice, "bob"))).isEqualTo("not_found");
  }

  @Test
  void the_built_in_user_stays() {
    assertThat(because(delete(root, "_system"))).isEqualTo("forbidden");
  }

  @Test
  void the_last_administrator_stays() {
    assertThat(because(delete(root, "root"))).isEqualTo("last_administrator");
  }

  @Test
  void the_last_administrator_who_is_not_suspended_stays() {
    User second = w.administrator("second");
    w.claviger.users().update(second.withSuspension(Optional.of(NOW), NOW));

    assertThat(because(delete(root, "root"))).isEqualTo("last_administrator");
    assertThat(delete(root, "second")).isEqualTo(Outcome.done(second.handle()));
  }

  @Test
  void of_two_administrators_one_can_go() {
    User unused = w.administrator("second");

    assertThat(delete(root, "root")).isEqualTo(Outcome.done(new Handle("root")));
  }

  @Test
  void their_tokens_go_with_them() {
    TokenText text = w.stored(AToken.of(alice).build());

    Outcome<Handle> unused = delete(root, "alice");

    assertThat(w.accessTokens.authenticate(text, Wiring.ADDRESS, "r"))
        .isInstanceOf(AccessTokens.Authentication.Rejected.class);
  }

  @Test
  void their_services_go_with_them() {
    Instance service = w.stored(AnInstance.of(alice, "s").build());

    Outcome<Handle> unused = delete(root, "alice");

    assertThat(w.claviger.instances().find(service.ref(), root.id(), w.claviger.clock().instant()))
        .isEmpty();
  }

  @Test
  void their_definitions_go_with_them() {
    Definition definition = ADefinition.of(alice, "d").isPublic().build();
    w.claviger.definitions().insert(definition);

    Outcome<Handle> unused = delete(root, "alice");

    assertThat(w.claviger.definitions().find(definition.ref(), root.id())).isEmpty();
  }

  @Test
  void what_was_made_from_their_definitions_stays() {
    Definition definition = ADefinition.of(alice, "d").isPublic().build();
    w.claviger.definitions().insert(definition);
    Instance made = w.stored(AnInstance.of(bob, "s").from(definition).build());

    Outcome<Handle> unused = delete(root, "alice");

    assertThat(w.now(made.ref()).settings().fields()).isEqualTo(made.settings().fields());
  }

  @Test
  void the_shares_they_hold_and_those_given_by_them_end() {
    User carol = w.user("carol");
    Instance service = w.stored(AnInstance.of(bob, "s").build());
    Share own = w.stored(service, AShare.with(alice).role(Role.OWNER).givenBy(bob).build());
    Share passedOn = w.stored(service, AShare.with(carol).givenVia(alice).build());

    Outcome<Handle> unused = delete(root, "alice");

    assertThat(w.claviger.shares().listOf(service.id(), Optional.empty(), 9))
        .doesNotContain(own, passedOn)
        .isEmpty();
  }

  @Test
  void a_handle_given_anew_inherits_nothing() {
    Instance service = w.stored(AnInstance.of(bob, "s").build());
    Share unusedShare = w.stored(service, AShare.with(alice).givenBy(bob).build());
    Outcome<Handle> unused = delete(root, "alice");
    User another = w.user("alice");

    assertThat(w.claviger.shares().find(service.id(), another.id())).isEmpty();
  }

  @Test
  void whose_service_somebody_elses_project_uses_stays() {
    Instance service = w.stored(AnInstance.of(alice, "s").build());
    Project bobs = w.stored(AProject.of(bob, "p").using(service).build());

    Outcome<Handle> refused = delete(root, "alice");

    assertThat(because(refused)).isEqualTo("in_use");
    assertThat(detail(refused))
        .isEqualTo(
            "1 project uses it, among them bob/p. Delete with force=true to unbind what others"
                + " have.");
    assertThat(w.claviger.users().find(alice.handle())).contains(alice);
    assertThat(w.now(service.ref())).isEqualTo(service);
    assertThat(w.now(bobs.ref())).isEqualTo(bobs);
    assertThat(w.recorded()).containsExactly("user.delete refused alice [in_use]");
  }

  @Test
  void who_cannot_see_the_projects_is_told_how_many_there_are() {
    Instance service = w.stored(AnInstance.of(alice, "s").build());
    Project seen = w.stored(AProject.of(bob, "p").using(service).build());
    Project unused = w.stored(AProject.of(bob, "q").using(service).build());
    assertThat(detail(delete(alice, "alice"))).startsWith("2 projects use it. ");

    w.member(seen, alice, Role.READER);

    assertThat(detail(delete(alice, "alice")))
        .startsWith("2 projects use it, among them bob/p. ")
        .doesNotContain("bob/q");
  }

  @Test
  void whose_service_is_shared_stays_until_the_share_has_ended() {
    Instance service = w.stored(AnInstance.of(alice, "s").build());
    Instant end = w.claviger.clock().instant().plusSeconds(60);
    Share unused = w.stored(service, AShare.with(bob).expiresAt(end).givenBy(alice).build());

    assertThat(because(delete(root, "alice"))).isEqualTo("in_use");
    assertThat(detail(delete(alice, "alice")))
        .isEqualTo(
            "Others depend on 1 shared LLM service (alice/s). Transfer these to somebody else, or"
                + " delete with force=true.");

    w.claviger.clock().advance(Duration.ofMinutes(1));
    assertThat(delete(root, "alice")).isEqualTo(DELETED);
  }

  @Test
  void by_force_a_shared_service_goes_with_its_owner() {
    Instance service = w.stored(AnInstance.of(alice, "s").build());
    Share unused = w.stored(service, AShare.with(bob).givenBy(alice).build());

    assertThat(deleteByForce(alice, "alice")).isEqualTo(DELETED);

    assertThat(w.claviger.instances().find(service.ref(), bob.id(), w.claviger.clock().instant()))
        .isEmpty();
  }

  @Test
  void who_is_responsible_for_a_service_account_stays_or_hands_it_to_an_administrator() {
    User robot = AUser.called("robot").serviceAccountOf(alice).build();
    w.claviger.users().insert(robot);

    assertThat(detail(delete(root, "alice"))).contains("1 service account (robot)");
    assertThat(because(deleteByForce(alice, "alice"))).isEqualTo("in_use");
    assertThat(deleteByForce(root, "alice")).isEqualTo(DELETED);

    assertThat(w.claviger.users().find(robot.handle()).orElseThrow().responsible())
        .contains(new Responsible.Person(root.id(), root.handle()));
  }

  @Test
  void by_force_others_projects_are_unbound_and_that_is_on_record() {
    Instance service = w.stored(AnInstance.of(alice, "s").build());
    Project bobs = w.stored(AProject.of(bob, "p").using(service).build());
    w.claviger.clock().advance(Duration.ofSeconds(5));

    assertThat(deleteByForce(root, "alice")).isEqualTo(DELETED);

    assertThat(w.now(bobs.ref()))
        .isEqualTo(bobs.with(bobs.values(), Optional.empty(), w.claviger.clock().instant()));
    assertThat(w.claviger.instances().find(service.ref(), bob.id(), w.claviger.clock().instant()))
        .isEmpty();
    assertThat(w.recorded()).containsExactly("user.delete done alice [bob/p]");
  }

  @Test
  void force_is_no_hindrance_where_nothing_depends_on_them() {
    assertThat(deleteByForce(alice, "alice")).isEqualTo(DELETED);
    assertThat(w.recorded()).containsExactly("user.delete done alice []");
  }

  @Test
  void force_ends_no_last_administrator() {
    assertThat(because(deleteByForce(root, "root"))).isEqualTo("last_administrator");
  }

  @Test
  void their_own_projects_keep_nobody() {
    Instance service = w.stored(AnInstance.of(alice, "s").build());
    Project usesOwn = w.stored(AProject.of(alice, "p").using(service).build());
    Instance bobs = w.stored(AnInstance.of(bob, "s").build());
    Project usesBobs = w.stored(AProject.of(alice, "q").using(bobs).build());
    Project unbound = w.stored(AProject.of(alice, "u").build());
    w.member(unbound, bob, Role.WRITER);

    assertThat(delete(alice, "alice")).isEqualTo(DELETED);

    assertThat(w.claviger.projects().find(usesOwn.ref(), bob.id())).isEmpty();
    assertThat(w.claviger.projects().find(usesBobs.ref(), bob.id())).isEmpty();
    assertThat(w.claviger.projects().list(bob.id(), bob.id(), Optional.empty(), 9)).isEmpty();
    assertThat(w.now(bobs.ref())).isEqualTo(bobs);
  }

  @Test
  void whose_service_others_call_through_a_project_stays() {
    Instance service = w.stored(AnInstance.of(alice, "s").build());
    Project team = w.stored(AProject.of(alice, "team").using(service).build());
    w.member(team, bob, Role.READER);

    Outcome<Handle> refused = delete(root, "alice");

    assertThat(because(refused)).isEqualTo("in_use");
    assertThat(detail(refused)).startsWith("Others depend on 1 shared project (alice/team).");
    assertThat(w.now(service.ref())).isEqualTo(service);
    assertThat(deleteByForce(root, "alice")).isEqualTo(DELETED);
  }

  @Test
  void membership_of_others_projects_goes_with_them() {
    Project bobs = w.stored(AProject.of(bob, "p").build());
    w.member(bobs, alice, Role.READER);

    assertThat(delete(alice, "alice")).isEqualTo(DELETED);

    assertThat(w.claviger.projectShares().listOf(bobs.id(), Optional.empty(), 9)).isEmpty();
  }

  @Test
  void a_version_that_no_longer_stands_is_refused() {
    assertThat(because(w.users.delete(w.as(alice), alice.handle(), Precondition.version(7), false)))
        .isEqualTo("precondition_failed");
  }

  @Test
  void a_token_of_scope_use_deletes_nobody() {
    assertThat(because(w.users.delete(w.using(alice), alice.handle(), Precondition.NONE, false)))
        .isEqualTo("forbidden");
  }

  @Test
  void a_deletion_is_on_record() {
    Outcome<Handle> unused = delete(root, "alice");

    assertThat(w.recorded()).containsExactly("user.delete done alice []");
  }

  @Test
  void a_refusal_is_on_record() {
    Outcome<Handle> unused = delete(root, "root");

    assertThat(w.recorded()).containsExactly("user.delete refused root [last_administrator]");
  }

  private Outcome<Handle> deleteByForce(User actor, String handle) {
    return w.users.delete(w.as(actor), new Handle(handle), Precondition.NONE, true);
  }

  private Outcome<Handle> delete(User actor, String handle) {
    return w.users.delete(w.as(actor), new Handle(handle), Precondition.NONE, false);
  }
}
