package io.claviger.application.identity;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Outcomes;
import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AUser;
import io.claviger.application.limits.port.AssignedLimitsStore.StoredLimits;
import io.claviger.application.sessions.NewSession;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.ReturnPath;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Administrators say who somebody is, and users unlink themselves. */
class IdentitiesTest {
  private static final Handle ALICE = new Handle("alice");
  private static final APerson PERSON = APerson.called("somebody");
  private final SignInWorld world = new SignInWorld();
  private final User boss = world.add(AUser.called("boss").administrator().build());
  private final Actor administrator = SignInWorld.as(boss);

  @Test
  void a_user_who_never_had_anything_is_linked_and_signs_in() {
    User alice = world.add(AUser.called("alice").build());

    assertThat(Outcomes.done(assign(ALICE, PERSON)).created()).isTrue();

    assertThat(world.signIn(PERSON).session().user()).isEqualTo(alice.id());
    assertThat(world.find("somebody")).isEmpty();
  }

  @Test
  void a_user_with_tokens_is_recovered() {
    User alice = world.add(AUser.called("alice").build());
    world.addToken(alice);
    Instance service = world.addServiceWithKeyOf(alice);

    assertThat(Outcomes.done(assign(ALICE, PERSON)).created()).isTrue();

    assertThat(world.ports.accessTokens().listOf(alice.id(), Optional.empty(), 9)).isEmpty();
    assertThat(world.ports.userKeys().find(service.id(), alice.id())).isEmpty();
    assertThat(world.ports.auditEvents()).anyMatch(e -> e.fields().contains("recovery"));
  }

  @Test
  void who_only_ever_signed_in_is_recovered_also_after_they_were_unlinked() {
    world.signIn(APerson.called("alice"));
    User alice = world.user("alice");
    Instance service = world.addServiceWithKeyOf(alice);
    Outcomes.done(world.identities.unlink(administrator, ALICE));

    assertThat(Outcomes.done(assign(ALICE, PERSON)).ended()).isPresent();

    assertThat(world.ports.userKeys().find(service.id(), alice.id())).isEmpty();
  }

  @Test
  void a_former_identity_and_its_sessions_end() {
    NewSession session = world.signIn(APerson.called("alice").in("research"));

    assertThat(Outcomes.done(assign(ALICE, PERSON)).created()).isFalse();

    assertThat(world.isSignedIn(session)).isFalse();
    assertThat(world.ports.syncedGroups().of(world.user("alice").id())).isEmpty();
    assertThat(world.ports.identities().find(APerson.called("alice").identity())).isEmpty();
  }

  @Test
  void the_identity_that_a_user_has_already_ends_nothing() {
    NewSession session = world.signIn(PERSON.nowCalled("alice"));
    assertThat(Outcomes.done(assign(ALICE, PERSON)).created()).isFalse();
    assertThat(world.isSignedIn(session)).isTrue();
  }

  @Test
  void an_identity_of_somebody_else_is_taken() {
    world.signIn(PERSON);
    User alice = world.add(AUser.called("alice").build());
    world.addToken(alice);

    assertThat(because(assign(ALICE, PERSON))).isEqualTo("identity_taken");
    assertThat(world.ports.credentials().everHadAny(alice.id())).isTrue();
  }

  @Test
  void the_administrator_by_group_is_none_without_the_identity() {
    world.signIn(PERSON.in("admins"));
    Actor self = SignInWorld.as(world.user("somebody"));

    Outcomes.done(world.identities.unlink(self, new Handle("somebody")));

    assertThat(world.user("somebody").administrator()).isFalse();
    assertThat(because(world.identities.find(self, new Handle("somebody")))).isEqualTo("not_found");
  }

  /**
   * Without this deadline, people who leave could keep their access by unlinking before the
   * identity provider removes them.
   */
  @Test
  void whom_a_sign_in_made_has_to_link_again_in_time_after_unlinking_themselves() {
    world.signIn(PERSON);
    User somebody = world.user("somebody");
    world.ports.clock().advance(Duration.ofDays(30));

    Outcomes.done(world.identities.unlink(SignInWorld.as(somebody), somebody.handle()));

    assertThat(signInDue(somebody))
        .contains(world.ports.clock().instant().plus(SignInWorld.MAX_AGE));
  }

  @Test
  void who_links_again_and_unlinks_a_second_time_was_still_made_by_a_sign_in() {
    world.signIn(PERSON);
    User somebody = world.user("somebody");
    Actor self = SignInWorld.as(somebody);
    Outcomes.done(world.identities.unlink(self, somebody.handle()));
    world.ports.clock().advance(Duration.ofDays(1));
    SignInResult.Linked unused = world.link(somebody, PERSON);
    assertThat(signInDue(somebody)).isEmpty();

    Outcomes.done(world.identities.unlink(self, somebody.handle()));

    assertThat(signInDue(somebody))
        .contains(world.ports.clock().instant().plus(SignInWorld.MAX_AGE));
  }

  @Test
  void who_could_not_link_an_account_is_known_to_the_trail() {
    User bob = AUser.called("bob").build();
    world.ports.users().insert(bob);

    SignInResult result = world.attemptLink(bob, ScriptedProvider::silence);

    assertThat(result)
        .isEqualTo(
            new SignInResult.Refused(
                SignInResult.Reason.PROVIDER_UNAVAILABLE,
                "The identity provider does not answer.",
                Optional.empty(),
                ReturnPath.START,
                true));
    assertThat(world.ports.auditEvents())
        .filteredOn(event -> event.outcome() == AuditOutcome.REFUSED)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.action()).isEqualTo(AuditAction.IDENTITY_LINK);
              assertThat(event.source().actor()).contains(bob.id());
            });
  }

  /** The browser might be signed in at the identity provider as somebody else. */
  @Test
  void who_links_an_account_learns_whose_it_is() {
    User bob = AUser.called("bob").build();
    world.ports.users().insert(bob);
    APerson mallory = APerson.called("mallory" + "y".repeat(200)).email("mallory@example.org");

    SignInResult.Linked linked = world.link(bob, mallory);

    assertThat(linked.identity()).isEqualTo(mallory.identity());
    assertThat(linked.names()).contains("mallory" + "y".repeat(93), "mallory@example.org");

    User carol = AUser.called("carol").build();
    world.ports.users().insert(carol);
    APerson disguised = APerson.called("mallory").nowCalled("\u202elorac");
    assertThat(world.link(carol, disguised).names()).contains("‹U+202E›lorac");

    User dave = AUser.called("dave").build();
    world.ports.users().insert(dave);
    for (String blank : List.of("", " ", "\t\n", "\u00a0\u3000")) {
      APerson nameless = APerson.called("nameless").nowCalled(blank).email("n@example.org");
      assertThat(world.link(dave, nameless).names()).containsExactly("n@example.org");
    }
  }

  @Test
  void nobody_shakes_off_their_own_limits_or_those_of_a_local_group_by_unlinking_themselves() {
    StoredLimits ten =
        new StoredLimits(new Limits(Optional.of(10), Optional.empty(), Optional.empty()), 1);
    StoredLimits none = new StoredLimits(Limits.NONE, 2);
    world.signIn(PERSON);
    User somebody = world.user("somebody");
    Group local = AGroup.called("local");
    world.ports.groups().insert(local);
    world
        .ports
        .groups()
        .putMember(
            local.id(),
            new GroupMember(somebody.id(), somebody.handle(), GroupRole.MEMBER, Instant.EPOCH));

    world.ports.assignedLimits().save(somebody.id(), ten, Instant.EPOCH);
    assertThat(because(unlinkOwn(somebody))).isEqualTo("forbidden");
    world.ports.assignedLimits().save(somebody.id(), none, Instant.EPOCH);
    world.ports.assignedLimits().save(local.id(), true, ten, Instant.EPOCH);
    assertThat(because(unlinkOwn(somebody))).isEqualTo("forbidden");

    world.ports.assignedLimits().save(local.id(), true, none, Instant.EPOCH);
    Outcomes.done(unlinkOwn(somebody));
  }

  @Test
  void nobody_regains_a_used_budget_by_unlinking_themselves() {
    world.signIn(PERSON);
    User somebody = world.user("somebody");
    world.ports.users().useBudgetOfEverybody(somebody.id());

    assertThat(because(unlinkOwn(somebody))).isEqualTo("forbidden");

    Outcomes.done(world.identities.unlink(administrator, somebody.handle()));
  }

  @Test
  void an_administrator_with_limits_unlinks_themselves() {
    world.signIn(PERSON.in("admins"));
    User somebody = world.user("somebody");
    world
        .ports
        .assignedLimits()
        .save(
            somebody.id(),
            new StoredLimits(new Limits(Optional.of(10), Optional.empty(), Optional.empty()), 1),
            Instant.EPOCH);

    Outcomes.done(unlinkOwn(somebody));
  }

  private Outcome<Identity> unlinkOwn(User user) {
    return world.identities.unlink(SignInWorld.as(user), user.handle());
  }

  @Test
  void nobody_shakes_off_the_limits_of_a_group_by_unlinking_themselves() {
    world.signIn(PERSON.in("research"));
    User somebody = world.user("somebody");
    Group.Id research = world.ports.groups().hold(new Handle("research")).orElseThrow().id();
    world
        .ports
        .assignedLimits()
        .save(
            research,
            true,
            new StoredLimits(new Limits(Optional.of(10), Optional.empty(), Optional.empty()), 1),
            Instant.EPOCH);

    assertThat(because(world.identities.unlink(SignInWorld.as(somebody), somebody.handle())))
        .isEqualTo("forbidden");
    assertThat(world.ports.syncedGroups().of(somebody.id())).containsExactly("research");
    Outcomes.done(world.identities.unlink(administrator, somebody.handle()));
  }

  @Test
  void without_an_offline_token_unlinking_leaves_no_more_time_than_there_was() {
    world.signIn(PERSON.online());
    User somebody = world.user("somebody");
    Optional<Instant> before = signInDue(somebody);
    world.ports.clock().advance(Duration.ofDays(2));

    Outcomes.done(world.identities.unlink(SignInWorld.as(somebody), somebody.handle()));

    assertThat(signInDue(somebody)).isEqualTo(before).isPresent();
  }

  @Test
  void a_local_user_who_unlinks_themselves_goes_on_as_before() {
    User alice = world.add(AUser.called("alice").build());
    world.ports.clock().advance(Duration.ofDays(1));
    Outcomes.done(assign(ALICE, PERSON));
    world.signIn(PERSON.online());
    assertThat(signInDue(alice)).isPresent();

    Outcomes.done(world.identities.unlink(SignInWorld.as(alice), ALICE));

    assertThat(signInDue(alice)).isEmpty();
  }

  @Test
  void an_administrator_decides_that_somebody_goes_on_without_the_provider() {
    world.signIn(PERSON.online());
    User somebody = world.user("somebody");

    Outcomes.done(world.identities.unlink(administrator, somebody.handle()));

    assertThat(signInDue(somebody)).isEmpty();
  }

  @Test
  void unlinking_lifts_no_suspension() {
    world.signIn(PERSON);
    User somebody = world.user("somebody");
    Instant now = world.ports.clock().instant();
    world.ports.users().update(somebody.withSuspension(Optional.of(now), now));

    Outcomes.done(world.identities.unlink(administrator, somebody.handle()));

    assertThat(world.user("somebody").suspended()).isTrue();
  }

  private Optional<Instant> signInDue(User user) {
    return world.ports.identities().signInDue(user.id());
  }

  @Test
  void nobody_else_sees_or_changes_an_identity() {
    world.signIn(PERSON);
    Actor stranger = SignInWorld.as(world.add(AUser.called("eve").build()));
    Handle somebody = new Handle("somebody");

    assertThat(because(world.identities.find(stranger, somebody))).isEqualTo("not_found");
    assertThat(because(world.identities.unlink(stranger, somebody))).isEqualTo("not_found");
    assertThat(because(world.identities.assign(stranger, somebody, PERSON.identity())))
        .isEqualTo("not_found");
    assertThat(because(world.identities.assign(stranger, new Handle("eve"), PERSON.identity())))
        .isEqualTo("forbidden");
  }

  @Test
  void the_built_in_user_and_service_accounts_have_no_identity() {
    world.add(AUser.called("bot").serviceAccountOf(boss).build());

    assertThat(because(assign(new Handle("bot"), PERSON))).isEqualTo("forbidden");
    assertThat(because(assign(new Handle("_system"), PERSON))).isEqualTo("forbidden");
  }

  @Test
  void root_has_no_identity() {
    world.add(AUser.called("root").administrator().build());
    assertThat(because(assign(new Handle("root"), PERSON))).isEqualTo("forbidden");
  }

  private Outcome<Identities.AssignedIdentity> assign(Handle user, APerson person) {
    return world.identities.assign(administrator, user, person.identity());
  }
}
