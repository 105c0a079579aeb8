package io.claviger.application.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AToken;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.shared.Actor;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuthenticateTest {
  private static final TokenText UNKNOWN = TokenText.of(new byte[64]);

  private final Wiring w = new Wiring();
  private final User alice = w.user("alice");

  @Test
  void a_token_says_who_one_is() {
    AccessToken token = AToken.of(alice).build();

    Actor actor = actor(present(w.stored(token)));

    assertThat(actor.id()).isEqualTo(alice.id());
    assertThat(actor.token()).contains(token);
  }

  @Test
  void an_actor_comes_with_address_and_request() {
    Actor actor =
        actor(w.accessTokens.authenticate(w.stored(AToken.of(alice).build()), "192.0.2.7", "r-7"));

    assertThat(actor.address()).isEqualTo("192.0.2.7");
    assertThat(actor.requestId()).isEqualTo("r-7");
  }

  @Test
  void an_unknown_token_is_rejected() {
    assertThat(present(UNKNOWN))
        .isEqualTo(new AccessTokens.Authentication.Rejected(Optional.empty()));
  }

  @Test
  void what_has_not_the_shape_of_a_token_is_rejected() {
    assertThat(present(TokenText.presented("sk-something")))
        .isEqualTo(new AccessTokens.Authentication.Rejected(Optional.empty()));
  }

  @Test
  void a_token_is_rejected_from_the_moment_it_expires() {
    Instant end = w.claviger.clock().instant().plusSeconds(60);
    TokenText text = w.stored(AToken.of(alice).expiresAt(end).build());
    w.claviger.clock().set(end);

    assertThat(present(text)).isEqualTo(new AccessTokens.Authentication.Rejected(Optional.empty()));
  }

  @Test
  void a_token_is_good_until_it_expires() {
    Instant end = w.claviger.clock().instant().plusSeconds(60);
    TokenText text = w.stored(AToken.of(alice).expiresAt(end).build());
    w.claviger.clock().set(end.minusNanos(1_000));

    assertThat(present(text)).isInstanceOf(AccessTokens.Authentication.Authenticated.class);
  }

  @Test
  void the_first_use_of_a_token_is_noted() {
    AccessToken token = AToken.of(alice).build();

    AccessTokens.Authentication unused = present(w.stored(token));

    assertThat(lastUsed(token)).contains(w.claviger.clock().instant());
  }

  @Test
  void a_use_within_a_minute_is_not_noted_again() {
    AccessToken token = AToken.of(alice).build();
    TokenText text = w.stored(token);
    Instant first = w.claviger.clock().instant();
    AccessTokens.Authentication unused = present(text);
    w.claviger.clock().advance(Duration.ofSeconds(59));

    AccessTokens.Authentication unusedToo = present(text);

    assertThat(lastUsed(token)).contains(first);
  }

  @Test
  void a_use_a_minute_later_is_noted() {
    AccessToken token = AToken.of(alice).build();
    TokenText text = w.stored(token);
    AccessTokens.Authentication unused = present(text);
    w.claviger.clock().advance(Duration.ofMinutes(1));

    AccessTokens.Authentication unusedToo = present(text);

    assertThat(lastUsed(token)).contains(w.claviger.clock().instant());
  }

  @Test
  void a_rejected_token_is_not_noted_as_used() {
    AccessToken token = AToken.of(alice).expiresAt(Seeds.SEEDED_AT.minusSeconds(1)).build();

    AccessTokens.Authentication unused = present(w.stored(token));

    assertThat(lastUsed(token)).isEmpty();
  }

  private AccessTokens.Authentication present(TokenText text) {
    return w.accessTokens.authenticate(text, Wiring.ADDRESS, "r");
  }

  private static Actor actor(AccessTokens.Authentication outcome) {
    return ((AccessTokens.Authentication.Authenticated) outcome).actor();
  }

  private Optional<Instant> lastUsed(AccessToken token) {
    return w.claviger.accessTokens().listOf(alice.id(), Optional.empty(), 9).stream()
        .filter(t -> t.id().equals(token.id()))
        .findFirst()
        .flatMap(AccessToken::lastUsedAt);
  }
}
