package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.identity.port.IdentityStore;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.GroupsClaim;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.identity.Subject;
import io.claviger.domain.identity.UnfollowedGroups;
import io.claviger.domain.scim.ScimToken;
import io.claviger.domain.scim.ScimUser;
import io.claviger.domain.sessions.Session;
import io.claviger.domain.sessions.SignInMethod;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every store of sessions and identities does. */
public abstract class SessionsContract extends PortContract {
  private static final Issuer ISSUER = new Issuer("https://id.example");
  private static final Instant LATER = NOW.plusSeconds(3_600);

  @Test
  void an_identity_is_found_by_its_exact_subject_and_by_its_user() {
    User alice = user("alice");
    LinkedIdentity linked = link(alice, "a");

    assertThat(ports.identities().find(linked.identity()).orElseThrow().identity())
        .isEqualTo(linked);
    assertThat(ports.identities().findOf(alice.id()).orElseThrow().handle())
        .isEqualTo(alice.handle());
    assertThat(ports.identities().find(identity("A"))).isEmpty();
  }

  @Test
  void groups_that_were_left_out_are_kept_with_the_identity() {
    LinkedIdentity linked = link(user("alice"), "a");
    UnfollowedGroups unfollowed =
        UnfollowedGroups.of(
            new GroupsClaim.TooMany(), List.of("nul \0 and \u202E", "g".repeat(1_000)));
    LinkedIdentity changed =
        new LinkedIdentity(
            linked.identity(),
            linked.user(),
            false,
            false,
            linked.linkedAt(),
            Optional.of(NOW),
            unfollowed,
            false);

    ports.identities().update(changed, Optional.empty());

    assertThat(ports.identities().findOf(linked.user()).orElseThrow().identity())
        .isEqualTo(changed);
  }

  @Test
  void an_identity_has_one_user_and_a_user_one_identity() {
    User alice = user("alice");
    User bob = user("bob");
    link(alice, "a");

    assertThatExceptionOfType(ConcurrencyConflict.class).isThrownBy(() -> link(bob, "a"));
    assertThatExceptionOfType(ConcurrencyConflict.class).isThrownBy(() -> link(alice, "b"));
  }

  @Test
  void sessions_end_with_the_identity_that_they_began_with() {
    User alice = user("alice");
    link(alice, "a");
    Session openId = start(alice, new SignInMethod.OpenId(identity("a"), Optional.empty()), 1);
    Session other = start(alice, new SignInMethod.Link(), 2);

    assertThat(ports.identities().delete(alice.id())).isTrue();

    assertThat(listed(alice)).containsExactly(other.id()).doesNotContain(openId.id());
    assertThat(ports.identities().delete(alice.id())).isFalse();
  }

  @Test
  void the_oldest_sessions_make_room() {
    User alice = user("alice");
    List<Session.Id> begun =
        IntStream.range(0, 4).mapToObj(n -> start(alice, new SignInMethod.Link(), n).id()).toList();

    assertThat(ports.sessions().deleteOldest(alice.id(), 3)).isEqualTo(1);

    assertThat(listed(alice)).isEqualTo(begun.subList(1, 4));
    assertThat(ports.sessions().listOf(alice.id(), NOW, Optional.of(begun.get(1)), 1))
        .extracting(Session::id)
        .containsExactly(begun.get(2));
  }

  @Test
  void sessions_of_a_session_of_the_provider_end_alone() {
    User alice = user("alice");
    link(alice, "a");
    start(alice, new SignInMethod.OpenId(identity("a"), Optional.of("laptop")), 1);
    Session phone = start(alice, new SignInMethod.OpenId(identity("a"), Optional.of("phone")), 2);

    assertThat(ports.sessions().deleteOf(new Issuer("https://other.example"), "laptop")).isZero();
    assertThat(ports.sessions().deleteOf(ISSUER, "laptop")).isEqualTo(1);
    assertThat(listed(alice)).containsExactly(phone.id());
    assertThat(ports.sessions().deleteOf(identity("a"))).isEqualTo(1);
  }

  @Test
  void sessions_that_have_ended_are_removed() {
    User alice = user("alice");
    Instant over = databaseNow().minus(Session.LONGEST_IDLE);
    for (int n = 1; n <= 2; n++) {
      Instant seen = over.plusSeconds(n == 1 ? -60 : 60);
      Session session =
          new Session(
              new Session.Id(ports.ids().next()),
              alice.id(),
              new SignInMethod.Link(),
              "192.0.2.1",
              "b",
              seen,
              seen);
      ports.sessions().insert(session, hash(n));
    }

    assertThat(ports.sessions().deleteEnded()).isEqualTo(1);
    assertThat(ports.sessions().find(hash(1))).isEmpty();
    assertThat(ports.sessions().find(hash(2))).isPresent();
  }

  @Test
  void a_session_is_found_with_the_time_of_the_next_sign_in() {
    User alice = user("alice");
    Session unused = start(alice, new SignInMethod.Link(), 1);
    assertThat(ports.sessions().find(hash(1)).orElseThrow().signInDueAt()).isEmpty();

    ports.identities().setSignInDue(alice.id(), Optional.of(NOW));

    assertThat(ports.sessions().find(hash(1)).orElseThrow().signInDueAt()).contains(NOW);
  }

  @Test
  void people_of_an_issuer_whom_nobody_asks_must_sign_in() {
    Issuer other = new Issuer("https://new.example");
    User root = stored(AUser.called("root").administrator());
    User asked = signedIn("asked", NOW.plusSeconds(1));
    User left = signedIn("left", NOW);
    User suspended = signedIn("suspended", NOW);
    ports.users().update(suspended.withSuspension(Optional.of(NOW), NOW));
    User due = signedIn("due", NOW);
    ports.identities().setSignInDue(due.id(), Optional.of(NOW));
    User linked = user("linked");
    LinkedIdentity unused = link(linked, "linked");

    assertThat(ports.identities().unfollowed(Optional.of(ISSUER), NOW, 10).number()).isZero();
    for (Optional<Issuer> now : List.of(Optional.of(other), Optional.<Issuer>empty())) {
      assertThat(ports.identities().unfollowed(now, NOW, 1))
          .isEqualTo(new IdentityStore.Unfollowed(2, List.of(due.handle())));
    }
    assertThat(ports.identities().demandSignIns(Optional.of(ISSUER), NOW, LATER, 10)).isEmpty();
    assertThat(ports.identities().demandSignIns(Optional.of(other), NOW, LATER, 10))
        .containsExactly(new IdentityStore.UnfollowedPerson(left.id(), left.handle()));
    assertThat(ports.identities().demandSignIns(Optional.empty(), NOW, LATER, 10)).isEmpty();

    assertThat(signInDue(left)).contains(LATER);
    assertThat(signInDue(due)).contains(NOW);
    for (User user : List.of(root, asked, suspended, linked)) {
      assertThat(signInDue(user)).as(user.handle().value()).isEmpty();
    }
  }

  @Test
  void people_whom_scim_of_a_former_issuer_made_must_sign_in_once_its_tokens_have_ended() {
    Issuer other = new Issuer("https://new.example");
    User made = provisioned("made");
    User released = provisioned("released");
    ports.identities().release(released.id());
    User there = provisioned("there");
    LinkedIdentity unused = linked(there, new Identity(other, new Subject("there")));
    ScimToken token =
        new ScimToken(
            new ScimToken.Id(ports.ids().next()),
            new TokenName("idp"),
            ISSUER,
            NOW,
            Optional.empty());
    ports.scimTokens().insert(token, new TokenHash(new byte[32]));

    assertThat(ports.identities().demandSignIns(Optional.of(other), NOW, LATER, 10)).isEmpty();
    assertThat(ports.scimTokens().delete(token.id())).isTrue();
    for (Optional<Issuer> asked : List.of(Optional.of(ISSUER), Optional.<Issuer>empty())) {
      assertThat(ports.identities().demandSignIns(asked, NOW, LATER, 10)).isEmpty();
    }
    assertThat(ports.identities().unfollowed(Optional.of(other), NOW, 10))
        .isEqualTo(new IdentityStore.Unfollowed(1, List.of(made.handle())));
    assertThat(ports.identities().demandSignIns(Optional.of(other), NOW, LATER, 10))
        .containsExactly(new IdentityStore.UnfollowedPerson(made.id(), made.handle()));
    assertThat(signInDue(made)).contains(LATER);
    assertThat(signInDue(released)).isEmpty();
    assertThat(signInDue(there)).isEmpty();
  }

  /** Stores a user whom SCIM made. */
  private User provisioned(String name) {
    User user = user(name);
    ports
        .scimUsers()
        .insert(
            new ScimUser(
                user.id(),
                ISSUER,
                new ScimUser.Names(
                    Optional.of(name), name, Optional.empty(), Optional.empty(), Optional.empty()),
                true,
                Optional.empty(),
                user.createdAt(),
                user.createdAt()));
    return user;
  }

  @Test
  void the_last_administrators_need_not_sign_in_with_an_issuer_whom_nobody_asks() {
    User alice = signedIn("alice", NOW);
    User bob = signedIn("bob", NOW);
    for (User user : List.of(alice, bob)) {
      ports.users().update(user.withAdministrator(true, NOW));
    }

    assertThat(ports.identities().demandSignIns(Optional.empty(), NOW, LATER, 10)).isEmpty();

    User root = stored(AUser.called("root").administrator());
    assertThat(ports.identities().demandSignIns(Optional.empty(), NOW, LATER, 1)).hasSize(1);
    assertThat(ports.identities().demandSignIns(Optional.empty(), NOW, LATER, 1)).hasSize(1);
    assertThat(signInDue(alice)).contains(LATER);
    assertThat(signInDue(bob)).contains(LATER);
    assertThat(signInDue(root)).isEmpty();
  }

  /**
   * Stores a user who has signed in with an identity.
   *
   * @param dueAt when the identity provider is asked about the user
   */
  private User signedIn(String name, Instant dueAt) {
    User user = user(name);
    LinkedIdentity linked = link(user, name);
    ports
        .identities()
        .update(
            new LinkedIdentity(
                linked.identity(),
                user.id(),
                false,
                true,
                NOW,
                Optional.of(NOW),
                UnfollowedGroups.NONE,
                false),
            Optional.of(
                new IdentityStore.Renewal(
                    sealed(AnInstance.systemLevel("any").build(), "refresh-token"), dueAt)));
    return user;
  }

  private Optional<Instant> signInDue(User user) {
    Session session = start(user, new SignInMethod.Link(), 1);
    Optional<Instant> due = ports.sessions().find(hash(1)).orElseThrow().signInDueAt();
    assertThat(ports.sessions().delete(user.id(), session.id())).isTrue();
    return due;
  }

  @Test
  void that_a_user_had_a_session_or_an_identity_is_remembered_after_it_is_gone() {
    User alice = user("alice");
    User bob = user("bob");
    User carol = user("carol");
    assertThat(ports.credentials().everHadAny(alice.id())).isFalse();

    Session session = start(alice, new SignInMethod.Link(), 1);
    link(bob, "b");

    assertThat(ports.sessions().delete(alice.id(), session.id())).isTrue();
    assertThat(ports.identities().delete(bob.id())).isTrue();
    assertThat(ports.credentials().everHadAny(alice.id())).isTrue();
    assertThat(ports.credentials().everHadAny(bob.id())).isTrue();
    assertThat(ports.credentials().everHadAny(carol.id())).isFalse();
  }

  private static Identity identity(String subject) {
    return new Identity(ISSUER, new Subject(subject));
  }

  private LinkedIdentity link(User user, String subject) {
    return linked(user, identity(subject));
  }

  private Session start(User user, SignInMethod method, int secret) {
    Session session =
        new Session(
            new Session.Id(ports.ids().next()), user.id(), method, "192.0.2.1", "b", NOW, NOW);
    ports.sessions().insert(session, hash(secret));
    return session;
  }

  private List<Session.Id> listed(User user) {
    return ports.sessions().listOf(user.id(), NOW, Optional.empty(), 100).stream()
        .map(Session::id)
        .toList();
  }
}
