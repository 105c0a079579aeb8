package io.claviger.application.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Outcomes;
import io.claviger.application.builders.AUser;
import io.claviger.application.identity.SignInResult.Reason;
import io.claviger.domain.Email;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.GroupSelection;
import io.claviger.domain.identity.GroupsClaim;
import io.claviger.domain.sessions.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who somebody becomes by signing in. */
class FirstSignInTest {
  private static final APerson ALICE = APerson.called("alice");
  private final SignInWorld world = new SignInWorld();

  @Test
  void the_first_sign_in_makes_a_user_whose_handle_is_the_name_in_small_letters() {
    assertThat(world.isSignedIn(world.signIn(APerson.called("Alice.Example")))).isTrue();
    assertThat(world.user("alice.example").administrator()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ébob",
        "bób",
        "_carol",
        "@dave",
        "dave ",
        " dave",
        "d ave",
        "dave@example.org",
        "\u212Aim",
        "da\u0000ve",
        "da\nve"
      })
  void a_name_that_is_no_handle_is_not_made_one_and_an_administrator_is_told_what_to_do(
      String name) {
    SignInResult result = world.attempt(APerson.called("x").nowCalled(name));

    assertRefused(result, Reason.NO_HANDLE);
    assertThat(((SignInResult.Refused) result).sentence())
        .contains("/v1/users/{user}/identity", SignInWorld.ISSUER.value(), "subject-x")
        .doesNotContainPattern("\\p{Cntrl}");
    assertThat(world.ports.users().list(Optional.empty(), Optional.empty(), 9))
        .allMatch(user -> user.handle().isSystem());
  }

  /** A provider that ignores what it is asked answers from its own session, without a password. */
  @Test
  void a_sign_in_is_not_recent_if_the_provider_says_that_the_person_proved_long_ago_who_they_are() {
    Instant now = world.ports.clock().instant();
    APerson anHourAgo = ALICE.proven(Duration.ofHours(1));

    assertThat(world.signIn(ALICE).session().isRecentAt(now)).as("not stated").isTrue();
    assertThat(world.signIn(anHourAgo).session().isRecentAt(now)).isFalse();
    assertThat(world.isSignedIn(world.signIn(anHourAgo))).isTrue();
    Session fresh = world.signIn(ALICE.proven(Duration.ofMinutes(4))).session();
    assertThat(fresh.isRecentAt(now)).isTrue();
    assertThat(fresh.isRecentAt(now.plus(Duration.ofMinutes(1)))).isFalse();
  }

  @Test
  void a_proof_of_a_month_ago_does_not_end_the_session_early() {
    world.provider.person = () -> ALICE.proven(Duration.ofDays(30));
    Session session = world.signIn(world.provider.person.get()).session();

    assertThat(session.liveAt(world.ports.clock().instant().plus(Duration.ofHours(7)))).isTrue();
  }

  @Test
  void nobody_is_linked_who_has_not_just_proven_who_they_are() {
    User bob = world.add(AUser.called("bob").build());

    assertThat(world.attemptLink(bob, APerson.called("bob").proven(Session.RECENT)))
        .isInstanceOfSatisfying(
            SignInResult.Refused.class,
            refused -> assertThat(refused.sentence()).contains("proved long ago who you are"));
    APerson proven = APerson.called("bob").proven(Session.RECENT.minusSeconds(1));
    assertThat(world.attemptLink(bob, proven)).isInstanceOf(SignInResult.Linked.class);
  }

  @Test
  void only_for_a_link_the_provider_is_asked_for_a_proof_without_being_told_to() {
    User bob = world.add(AUser.called("bob").build());

    assertThat(world.isSignedIn(world.signIn(ALICE))).isTrue();
    assertThat(world.provider.askedForProof).isFalse();
    assertThat(world.link(bob, APerson.called("bob")).returnPath()).isEqualTo("/console");
    assertThat(world.provider.askedForProof).isTrue();
    world.attempt(ALICE);
    SignIn.SignInStart unused = world.signIn.begin("/console", true, "127.0.0.1");
    assertThat(world.provider.askedForProof).isTrue();
  }

  @Test
  void names_of_the_operators_domain_and_no_others_become_handles_without_it() {
    OidcSettings.Claims claims =
        new OidcSettings.Claims(
            "upn", Optional.of("example.org"), Optional.empty(), GroupSelection.NONE);

    assertThat(claims.withoutDomain("Alice@Example.org")).contains("Alice");
    assertThat(claims.withoutDomain("alice@example.com")).isEmpty();
    assertThat(claims.withoutDomain("alice")).isEmpty();
    assertThat(claims.withoutDomain("@example.org")).isEmpty();
  }

  @Test
  void a_later_sign_in_finds_the_user_whatever_the_person_is_called_by_now() {
    world.signIn(ALICE);
    assertThat(world.signIn(ALICE.nowCalled("bob")).session().user())
        .isEqualTo(world.user("alice").id());
    assertThat(world.find("bob")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"alice", "ALICE", "root", "ROOT"})
  void a_handle_of_somebody_else_signs_nobody_in(String handle) {
    world.add(AUser.called("alice").build());
    APerson person = APerson.called(handle);

    SignInResult result = world.attempt(person);

    assertRefused(result, Reason.HANDLE_TAKEN);
    assertThat(((SignInResult.Refused) result).sentence())
        .contains(SignInWorld.ISSUER.value(), person.identity().subject().toString())
        .contains("Linking ends the access tokens and sessions of that user");
    assertThat(world.ports.auditEvents())
        .last()
        .satisfies(
            event -> {
              assertThat(event.target().ref())
                  .isEqualTo(person.identity().subject() + " at " + SignInWorld.ISSUER.value());
              assertThat(event.fields()).containsExactly("handle_taken");
            });
    assertThat(world.ports.identities().find(person.identity())).isEmpty();
  }

  /**
   * Files for {@code claviger apply}, settings of programs, and people might still mean the former
   * user by this handle.
   */
  @Test
  void the_handle_of_a_deleted_user_goes_to_nobody_else_by_a_sign_in() {
    boolean unused = world.isSignedIn(world.signIn(ALICE));
    world.ports.users().delete(world.user("alice").id());

    SignInResult result = world.attempt(APerson.called("mallory").nowCalled("Alice"));

    assertRefused(result, Reason.HANDLE_TAKEN);
    assertThat(((SignInResult.Refused) result).sentence())
        .contains("A deleted user had this handle", "/v1/users/{user}/identity", "subject-mallory");
    assertThat(world.find("alice")).isEmpty();
    assertThat(world.isSignedIn(world.signIn(ALICE))).as("the same person").isTrue();
  }

  @Test
  void an_administrator_gives_the_handle_of_a_deleted_user_to_somebody_else() {
    User root = world.add(AUser.called("root").administrator().build());
    APerson mallory = APerson.called("mallory").nowCalled("alice");
    world.ports.users().delete(world.add(AUser.called("alice").build()).id());
    assertRefused(world.attempt(mallory), Reason.HANDLE_TAKEN);

    User alice = world.add(AUser.called("alice").build());
    Outcomes.done(
        world.identities.assign(SignInWorld.as(root), alice.handle(), mallory.identity()));

    assertThat(world.signIn(mallory).session().user()).isEqualTo(alice.id());
    world.ports.users().delete(alice.id());
    assertThat(world.isSignedIn(world.signIn(mallory))).isTrue();
  }

  @Test
  void nobody_is_found_by_an_email_address() {
    world.add(AUser.called("alice").email("same@example.org").build());

    world.signIn(APerson.called("mallory").email("same@example.org"));

    assertThat(world.user("mallory").email()).contains(new Email("same@example.org"));
    assertThat(world.ports.identities().findOf(world.user("alice").id())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "---", "me", "admin", "日本"})
  void a_name_that_makes_no_handle_signs_nobody_in(String name) {
    assertThat(world.attempt(APerson.called("x").nowCalled(name)))
        .isInstanceOfSatisfying(
            SignInResult.Refused.class,
            refused -> assertThat(refused.reason()).isIn(Reason.NO_HANDLE, Reason.HANDLE_TAKEN));
  }

  @Test
  void who_has_no_name_at_all_is_told_so() {
    assertRefused(world.attempt(ALICE.withoutHandle()), Reason.NO_HANDLE);
  }

  @Test
  void only_members_of_an_allowed_group_come_in_by_its_exact_value() {
    SignInWorld closed = new SignInWorld(Set.of("staff", "guests"));

    for (APerson refused :
        new APerson[] {
          ALICE, ALICE.in("Staff"), ALICE.in("staff "), ALICE.in(new GroupsClaim.TooMany())
        }) {
      assertRefused(closed.attempt(refused), Reason.NOT_ALLOWED);
      assertThat(closed.find("alice")).isEmpty();
    }
    assertThat(closed.isSignedIn(closed.signIn(ALICE.in("other", "guests")))).isTrue();
  }

  @Test
  void another_browser_can_not_finish_a_sign_in_and_the_first_one_still_can() {
    world.provider.person = () -> ALICE;
    SignIn.SignInStart.Started own = world.begun();
    SignIn.SignInStart.Started attackers = world.begun();

    assertRefused(world.finish(own, Optional.of(attackers.binding())), Reason.UNKNOWN_ATTEMPT);
    assertRefused(world.finish(own, Optional.empty()), Reason.UNKNOWN_ATTEMPT);
    assertThat(world.finish(own, Optional.of(own.binding())))
        .isInstanceOf(SignInResult.Completed.class);
    assertRefused(world.finish(own, Optional.of(own.binding())), Reason.UNKNOWN_ATTEMPT);
  }

  @Test
  void a_provider_that_does_not_answer_makes_nobody() {
    SignIn.SignInStart.Started begun = world.begun();
    assertRefused(world.finish(begun, Optional.of(begun.binding())), Reason.PROVIDER_UNAVAILABLE);
    assertThat(world.find("alice")).isEmpty();
  }

  private static void assertRefused(SignInResult result, Reason reason) {
    assertThat(result)
        .isInstanceOfSatisfying(
            SignInResult.Refused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
  }
}
