package io.claviger.application.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.sessions.SessionActor;
import io.claviger.application.shared.Actor;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.sessions.Session;
import io.claviger.domain.sessions.SignInMethod;
import io.claviger.testkit.Race;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WrongCodesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private static final User.Id MALLORY = new User.Id(UUID.randomUUID());

  private final WrongCodes wrong = new WrongCodes();

  @Test
  void of_16_wrong_codes_at_once_five_are_looked_up() {
    SessionActor session = session("192.0.2.1");
    assertThat(Race.of(16, n -> wrong.mayTry(session, NOW), 1)).filteredOn(may -> may).hasSize(5);
  }

  @Test
  void right_codes_do_not_count() {
    SessionActor session = session("192.0.2.1");
    for (int i = 0; i < 20; i++) {
      assertThat(wrong.mayTry(session, NOW)).isTrue();
      wrong.takeBack(session, NOW);
    }
  }

  @Test
  void wrong_codes_of_one_user_leave_others_at_the_address_alone() {
    for (int i = 0; i < 100; i++) {
      boolean unused = wrong.mayTry(session("192.0.2.1", MALLORY), NOW);
    }
    assertThat(wrong.mayTry(session("198.51.100.1", MALLORY), NOW)).isFalse();
    assertThat(wrong.mayTry(session("192.0.2.1"), NOW)).isTrue();
  }

  @Test
  void an_address_has_fifty_wrong_codes() {
    for (int i = 0; i < 50; i++) {
      assertThat(wrong.mayTry(session("192.0.2.1"), NOW)).isTrue();
    }
    assertThat(wrong.mayTry(session("192.0.2.1"), NOW)).isFalse();
    assertThat(wrong.mayTry(session("198.51.100.1"), NOW)).isTrue();
  }

  @Test
  void ten_minutes_later_codes_are_looked_up_again() {
    SessionActor session = session("192.0.2.1");
    for (int i = 0; i < 9; i++) {
      boolean unused = wrong.mayTry(session, NOW);
    }
    assertThat(wrong.mayTry(session, NOW.plus(Duration.ofMinutes(10)).minusMillis(1))).isFalse();
    assertThat(wrong.mayTry(session, NOW.plus(Duration.ofMinutes(10)))).isTrue();
  }

  private static SessionActor session(String address) {
    return session(address, new User.Id(UUID.randomUUID()));
  }

  private static SessionActor session(String address, User.Id user) {
    Session.Id id = new Session.Id(UUID.randomUUID());
    Session session =
        new Session(id, user, new SignInMethod.Link(), address, "a browser", NOW, NOW);
    Actor actor =
        new Actor(
            user, new Handle("alice"), false, Optional.empty(), address, "r-1", Optional.of(id));
    return new SessionActor(session, actor, "page token");
  }
}
