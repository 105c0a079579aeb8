package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Outcomes;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.builders.AUser;
import io.claviger.application.sessions.LocalSignIn;
import io.claviger.application.sessions.Sessions;
import io.claviger.application.sessions.SignInLinks;
import io.claviger.application.sessions.SignedIn;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.sessions.BrowserSecret;
import io.claviger.persistence.sessions.JdbcSignInLinks;
import io.claviger.persistence.shared.Database;
import io.claviger.testkit.Race;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One-time links on PostgreSQL. */
@SuppressWarnings("NullAway.Init") // set before each test
final class SignInLinksTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Handle ALICE = new Handle("alice");

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-03-01T10:00:00Z"));
  private final AuditedChanges changes = PORTS.auditedChanges(now::get);
  private final SignInLinks links = links(new LocalSignIn(true));
  private User alice;

  @BeforeEach
  void begin() {
    assertThat(PORTS.emptied().users().isEmpty()).isTrue();
    alice = AUser.called("alice").build();
    PORTS.users().insert(alice);
  }

  @Race.Repeated
  void of_several_who_use_a_link_at_once_one_signs_in() {
    BrowserSecret secret = links.make(ALICE).orThrow();
    List<String> outcomes =
        ConcurrentAttempts.many(
            n -> links.present(secret).filter(this::isStarted).isPresent() ? DONE : "used");
    assertThat(outcomes).containsOnlyOnce(DONE).contains("used");
  }

  @Test
  void a_link_shows_whom_one_becomes_as_often_as_it_is_opened_and_works_once() {
    BrowserSecret secret = links.make(ALICE).orThrow();
    assertThat(links.find(secret)).contains(ALICE);
    assertThat(links.find(secret)).contains(ALICE);
    SignedIn who = links.present(secret).orElseThrow();
    assertThat(who.user()).isEqualTo(alice.id());
    assertThat(isStarted(who)).isTrue();
    assertThat(isStarted(who)).isFalse();
    assertThat(links.find(secret)).isEmpty();
    assertThat(links.present(secret)).isEmpty();
  }

  @Test
  void a_link_is_for_its_user_alone() {
    User bob = AUser.called("bob").build();
    PORTS.users().insert(bob);
    BrowserSecret alices = links.make(ALICE).orThrow();
    BrowserSecret bobs = links.make(bob.handle()).orThrow();
    BrowserSecret guessed = BrowserSecret.presented("A".repeat(43));

    assertThat(links.find(guessed)).isEmpty();
    assertThat(links.present(guessed)).isEmpty();
    assertThat(links.find(bobs)).contains(bob.handle());
    SignedIn who = links.present(bobs).orElseThrow();
    assertThat(who.user()).isEqualTo(bob.id());
    assertThat(isStarted(who)).isTrue();

    assertThat(links.find(bobs)).isEmpty();
    assertThat(links.find(alices)).contains(ALICE);
    assertThat(links.removeExpired()).isZero();
    assertThat(PORTS.credentials().endAll(bob.id(), now.get()).signInLinks()).isZero();
    assertThat(PORTS.credentials().endAll(alice.id(), now.get()).signInLinks()).isEqualTo(1);
    assertThat(links.find(alices)).isEmpty();
  }

  @Test
  void a_link_works_for_a_minute() {
    BrowserSecret secret = links.make(ALICE).orThrow();
    age(50);
    assertThat(links.find(secret)).isPresent();
    SignedIn late = links.present(secret).orElseThrow();
    age(10);
    assertThat(links.find(secret)).isEmpty();
    assertThat(links.present(secret)).isEmpty();
    assertThat(isStarted(late)).isFalse();
    assertThat(links.removeExpired()).isEqualTo(1);
  }

  /** Makes all links older, as if this time had passed. */
  private static void age(int seconds) {
    assertThat(
            PORTS
                .sql()
                .sql(
                    """
                    update sign_in_links
                    set made_at = made_at - s.age, expires_at = expires_at - s.age
                    from (select make_interval(secs => :seconds) as age) s
                    """)
                .param("seconds", seconds)
                .update())
        .isPositive();
  }

  @Test
  void links_are_made_for_users_only_and_recorded() {
    assertThat(links.make(new Handle("nobody"))).isInstanceOf(Outcome.Refused.class);
    assertThat(links.make(Handle.SYSTEM)).isInstanceOf(Outcome.Refused.class);
    BrowserSecret made = links.make(ALICE).orThrow();
    assertThat(made.reveal()).hasSize(43);
    assertThat(
            PORTS
                .sql()
                .sql("select action || ' ' || target_ref || ' ' || outcome from audit_events")
                .query(String.class)
                .list())
        .containsExactly("sign_in_link.create alice done");
  }

  @Test
  void without_local_sign_in_a_link_is_for_root_alone() {
    SignInLinks rootOnly = links(new LocalSignIn(false));
    PORTS.users().insert(AUser.called("root").administrator().build());
    assertThat(rootOnly.make(ALICE)).isInstanceOf(Outcome.Refused.class);
    BrowserSecret made = links.make(ALICE).orThrow();
    assertThat(rootOnly.find(made)).isEmpty();
    assertThat(rootOnly.present(made)).isEmpty();
    BrowserSecret roots = rootOnly.make(new Handle("root")).orThrow();
    assertThat(rootOnly.present(roots)).isPresent();
  }

  @Test
  void a_link_ends_with_its_user() {
    BrowserSecret secret = links.make(ALICE).orThrow();
    PORTS.users().delete(alice.id());
    assertThat(links.find(secret)).isEmpty();
  }

  @Test
  void no_link_is_made_for_a_service_account() {
    PORTS.users().insert(AUser.called("bot").serviceAccountOf(alice).build());
    assertThat(Outcomes.because(links.make(new Handle("bot")))).isEqualTo("forbidden");
  }

  private boolean isStarted(SignedIn who) {
    return Sessions.of(
                PORTS.sessions(),
                new JdbcSignInLinks(PORTS.database()),
                PORTS.users(),
                new TokenAcceptance(Optional.empty()),
                new LocalSignIn(true),
                random(),
                changes)
            .start(who, "192.0.2.1", "browser", "request")
        instanceof Outcome.Done;
  }

  private static RandomBytes random() {
    return count -> {
      byte[] bytes = new byte[count];
      RANDOM.nextBytes(bytes);
      return bytes;
    };
  }

  private SignInLinks links(LocalSignIn local) {
    return SignInLinks.of(
        new JdbcSignInLinks(new Database(PORTS.dataSource())),
        PORTS.users(),
        local,
        random(),
        changes);
  }
}
