package io.claviger.domain.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.User;
import io.claviger.domain.oauth.DeviceAuthorization.Poll;
import io.claviger.domain.oauth.DeviceAuthorization.UserDecision;
import io.claviger.domain.sessions.Session;
import io.claviger.domain.sessions.SignInMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeviceAuthorizationTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final Duration FIVE = Duration.ofSeconds(5);
  private static final User.Id BOB = new User.Id(new UUID(0, 2));
  private static final Optional<UserDecision> APPROVED =
      Optional.of(new UserDecision.Approved(BOB, new Handle("bob"), Optional.empty()));
  private static final Optional<UserDecision> DENIED =
      Optional.of(new UserDecision.Denied(BOB, new Handle("bob")));

  private static DeviceAuthorization device(
      Instant expiresAt, Optional<Instant> polledAt, Optional<UserDecision> answer) {
    return device(TokenScope.USE, expiresAt, FIVE, polledAt, answer);
  }

  private static DeviceAuthorization device(
      TokenScope scope,
      Instant expiresAt,
      Duration interval,
      Optional<Instant> polledAt,
      Optional<UserDecision> answer) {
    return new DeviceAuthorization(
        new UUID(0, 1),
        new UserCode("BCDFGHJK"),
        scope,
        "203.0.113.7",
        NOON.minusSeconds(60),
        expiresAt,
        interval,
        polledAt,
        answer);
  }

  @Test
  void an_expired_device_is_told_so_whatever_was_answered_and_however_often_it_polls() {
    for (Optional<Instant> polledAt : polls()) {
      for (Optional<UserDecision> answer :
          List.of(Optional.<UserDecision>empty(), APPROVED, DENIED)) {
        assertThat(device(NOON, polledAt, answer).poll(NOON)).isEqualTo(Poll.EXPIRED);
      }
    }
  }

  @Test
  void a_device_that_polls_too_soon_learns_nothing_of_the_answer() {
    Optional<Instant> lately = Optional.of(NOON.minus(FIVE).plusNanos(1));
    for (Optional<UserDecision> answer :
        List.of(Optional.<UserDecision>empty(), APPROVED, DENIED)) {
      assertThat(device(NOON.plusNanos(1), lately, answer).poll(NOON)).isEqualTo(Poll.TOO_SOON);
    }
  }

  @Test
  void a_device_that_waited_is_told_the_answer() {
    for (Optional<Instant> polledAt :
        List.of(Optional.<Instant>empty(), Optional.of(NOON.minus(FIVE)))) {
      Instant later = NOON.plusNanos(1);
      assertThat(device(later, polledAt, Optional.empty()).poll(NOON)).isEqualTo(Poll.PENDING);
      assertThat(device(later, polledAt, APPROVED).poll(NOON)).isEqualTo(Poll.APPROVED);
      assertThat(device(later, polledAt, DENIED).poll(NOON)).isEqualTo(Poll.DENIED);
    }
  }

  private static List<Optional<Instant>> polls() {
    return List.of(
        Optional.empty(), Optional.of(NOON.minus(FIVE)), Optional.of(NOON.minusNanos(1)));
  }

  @Test
  void the_interval_grows_by_five_seconds_up_to_the_life_of_the_code() {
    assertThat(every(FIVE).longerInterval()).isEqualTo(Duration.ofSeconds(10));
    assertThat(every(DeviceAuthorization.LIFETIME).longerInterval())
        .isEqualTo(DeviceAuthorization.LIFETIME);
  }

  private static DeviceAuthorization every(Duration interval) {
    return device(TokenScope.USE, NOON, interval, Optional.empty(), Optional.empty());
  }

  @Test
  void only_a_token_that_may_change_things_wants_a_recent_sign_in() {
    Session recent = signedInAt(NOON.minus(Duration.ofMinutes(5)).plusNanos(1));
    Session old = signedInAt(NOON.minus(Duration.ofMinutes(5)));

    assertThat(asking(TokenScope.MANAGE).isApprovable(recent, NOON)).isTrue();
    assertThat(asking(TokenScope.MANAGE).isApprovable(old, NOON)).isFalse();
    assertThat(asking(TokenScope.USE).isApprovable(recent, NOON)).isTrue();
    assertThat(asking(TokenScope.USE).isApprovable(old, NOON)).isTrue();
  }

  private static Session signedInAt(Instant time) {
    return new Session(
        new Session.Id(new UUID(0, 3)),
        BOB,
        new SignInMethod.Link(),
        "192.0.2.1",
        "browser",
        time,
        time);
  }

  private static DeviceAuthorization asking(TokenScope scope) {
    return device(scope, NOON.plusSeconds(1), FIVE, Optional.empty(), Optional.empty());
  }

  @Test
  void an_access_token_lives_twelve_hours_and_never_beyond_its_sign_in() {
    Instant inAnHour = NOON.plus(Duration.ofHours(1));
    Instant inAMonth = NOON.plus(Duration.ofDays(30));

    assertThat(DeviceTokenLife.begun(NOON, Optional.empty()))
        .isEqualTo(new DeviceTokenLife(NOON.plus(Duration.ofHours(12)), inAMonth));
    assertThat(DeviceTokenLife.begun(NOON, Optional.of(inAMonth.plusSeconds(1))))
        .isEqualTo(new DeviceTokenLife(NOON.plus(Duration.ofHours(12)), inAMonth));
    assertThat(DeviceTokenLife.begun(NOON, Optional.of(inAnHour)))
        .isEqualTo(new DeviceTokenLife(inAnHour, inAnHour));
    assertThat(DeviceTokenLife.refreshed(NOON, inAnHour))
        .isEqualTo(new DeviceTokenLife(inAnHour, inAnHour));
  }
}
