package io.claviger.domain.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.User;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SessionTest {
  private static final Instant BEGIN = Instant.parse("2026-02-28T23:30:00Z");

  private static Session lastUsed(Duration afterSignIn) {
    return new Session(
        new Session.Id(new UUID(0, 1)),
        new User.Id(new UUID(0, 2)),
        new SignInMethod.Link(),
        "192.0.2.1",
        "browser",
        BEGIN,
        BEGIN.plus(afterSignIn));
  }

  @Test
  void a_session_that_is_not_used_ends_after_eight_hours() {
    Session session = lastUsed(Duration.ofHours(1));

    assertThat(session.endsAt()).isEqualTo(BEGIN.plus(Duration.ofHours(9)));
    assertThat(session.liveAt(session.endsAt().minusNanos(1))).isTrue();
    assertThat(session.liveAt(session.endsAt())).isFalse();
  }

  @Test
  void no_use_makes_a_session_last_longer_than_seven_days() {
    Instant end = BEGIN.plus(Duration.ofDays(7));

    assertThat(lastUsed(Duration.ofDays(7).minusHours(9)).endsAt())
        .isEqualTo(end.minusSeconds(3600));
    assertThat(lastUsed(Duration.ofDays(7).minusHours(8)).endsAt()).isEqualTo(end);
    assertThat(lastUsed(Duration.ofDays(7).minusMinutes(1)).endsAt()).isEqualTo(end);
    assertThat(lastUsed(Duration.ofDays(7).minusMinutes(1)).liveAt(end)).isFalse();
  }

  @Test
  void a_sign_in_is_recent_for_five_minutes_however_much_the_session_is_used() {
    Session session = lastUsed(Duration.ofMinutes(4));

    assertThat(session.isRecentAt(BEGIN.plus(Duration.ofMinutes(5)).minusNanos(1))).isTrue();
    assertThat(session.isRecentAt(BEGIN.plus(Duration.ofMinutes(5)))).isFalse();
  }

  @Test
  void
      a_sign_in_with_an_identity_provider_counts_from_the_proof_but_never_from_earlier_than_matters() {
    Instant earliest = BEGIN.minus(Session.RECENT);

    assertThat(Session.signedInAt(Optional.of(Duration.ofSeconds(90)), BEGIN))
        .isEqualTo(BEGIN.minusSeconds(90));
    assertThat(Session.signedInAt(Optional.of(Session.RECENT.minusNanos(1)), BEGIN))
        .isEqualTo(earliest.plusNanos(1));
    assertThat(Session.signedInAt(Optional.of(Session.RECENT), BEGIN)).isEqualTo(earliest);
    assertThat(Session.signedInAt(Optional.of(Duration.ofSeconds(Long.MAX_VALUE)), BEGIN))
        .isEqualTo(earliest);
    assertThat(Session.signedInAt(Optional.empty(), BEGIN)).isEqualTo(BEGIN);
    assertThat(Session.signedInAt(Optional.of(Duration.ZERO), BEGIN)).isEqualTo(BEGIN);
  }
}
