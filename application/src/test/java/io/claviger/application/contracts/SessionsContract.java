package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.GroupsClaim;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.identity.Subject;
import io.claviger.domain.identity.UnfollowedGroups;
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
