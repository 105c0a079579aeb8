package io.claviger.oidc;

import static io.claviger.oidc.PlayedProvider.secret;
import static io.claviger.oidc.PlayedProvider.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.claviger.application.identity.port.IdentityProvider.ProviderUnavailable;
import io.claviger.application.identity.port.IdentityProvider.Refreshed;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Subject;
import io.claviger.oidc.trust.IssuerServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests the messages that people read if the identity provider fails. */
class ProviderTroubleTest {
  /** A timeout of tests that expect one. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  @AutoClose private PlayedProvider provider = new PlayedProvider();

  private void hurry() throws IOException {
    provider.close();
    provider =
        new PlayedProvider(
            new IssuerServer(),
            new ProviderHttp(DefaultClientTlsStrategy.createSystemDefault(), PATIENCE));
  }

  @Test
  void a_provider_that_is_away_was_never_asked_to_refresh() {
    provider.server.close();

    assertThat(unavailable(this::begin).getMessage())
        .isEqualTo(
            "The identity provider can't be reached, or its answer can't be read. Try again later.");
    assertThat(unavailable(this::refresh).neverSent()).isTrue();
  }

  @Test
  void a_provider_that_comes_back_is_asked_again_after_two_seconds() {
    provider.server.answerWith(503);
    assertThat(unavailable(this::begin)).isNotNull();
    provider.server.answerWith(200);

    assertThat(unavailable(this::begin)).isNotNull();
    provider.clock.advance(Duration.ofSeconds(2));
    begin();
  }

  /** While a clock is ahead, certificates seem to have expired. */
  @Test
  void a_provider_that_failed_while_the_clock_was_ahead_is_asked_again() {
    provider.clock.advance(Duration.ofDays(365));
    provider.server.answerWith(503);
    assertThat(unavailable(this::begin)).isNotNull();
    provider.server.answerWith(200);

    provider.clock.advance(Duration.ofDays(-365));
    begin();
  }

  @Test
  void keys_are_fetched_again_after_the_clock_was_set_back() {
    Object unused = provider.signIn(provider.claims().build());
    int fetched = provider.server.fetches();

    provider.clock.advance(Duration.ofSeconds(-1));
    unused = provider.signIn(provider.claims().build());

    assertThat(provider.server.fetches()).isGreaterThan(fetched);
  }

  @Test
  void known_metadata_are_used_while_the_provider_cannot_tell_them_anew() {
    begin();
    provider.server.answerWith(503);
    provider.clock.advance(Duration.ofHours(2));

    begin();
  }

  @Test
  void a_provider_that_calls_itself_otherwise_is_not_used() {
    provider.describe(Map.of("issuer", "https://other.example"));

    assertThat(unavailable(this::begin).getMessage())
        .isEqualTo("The identity provider's issuer differs from CLAVIGER_OIDC_ISSUER.");
  }

  @Test
  void a_provider_that_would_be_asked_without_encryption_is_not_used() {
    for (String endpoint :
        new String[] {
          "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"
        }) {
      provider.describe(Map.of(endpoint, "http://id.example/x"));
      assertThat(unavailable(this::begin).getMessage())
          .isEqualTo("The identity provider's metadata do not follow OpenID Connect Discovery.");
      provider.clock.advance(Duration.ofSeconds(3));
    }
  }

  @Test
  void a_redirect_is_not_followed() {
    try (IssuerServer other = new IssuerServer()) {
      other.publish(PlayedProvider.KEY.toPublicJWK());
      provider.give(signed(provider.claims().build()));
      begin();
      provider.server.redirectTo(other.address() + "/keys");
      provider.server.answerWith(302);

      assertThat(unavailable(provider::signIn).getMessage())
          .isEqualTo("The identity provider's keys can't be fetched. Try again later.");
      assertThat(other.fetches()).isZero();
    }
  }

  @Test
  void more_than_a_mebibyte_is_not_read() {
    provider.server.sayMetadata("{" + " ".repeat(1 << 20) + "}");
    assertThat(unavailable(this::begin).getMessage())
        .isEqualTo(
            "The identity provider can't be reached, or its answer can't be read. Try again later.");

    provider.describe(Map.of());
    provider.clock.advance(Duration.ofSeconds(3));
    provider.say(200, "{" + " ".repeat(1 << 20) + "}");
    assertThat(unavailable(provider::signIn).neverSent()).isFalse();
  }

  @Test
  @Timeout(30)
  void a_provider_that_never_answers_is_given_up() throws IOException {
    hurry();
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      provider.describe(
          Map.of("token_endpoint", "http://localhost:" + silent.getLocalPort() + "/token"));

      ProviderUnavailable failure = unavailable(provider::signIn);
      assertThat(failure.getMessage())
          .isEqualTo("The identity provider does not answer in time. Try again later.");
      // The provider may have answered the refresh, and the answer may be lost. So nobody is
      // suspended because of this failure.
      assertThat(unavailable(this::refresh).neverSent()).isFalse();
    }
  }

  @Test
  @Timeout(30)
  void a_provider_that_sends_piece_by_piece_is_given_up() throws IOException {
    hurry();
    CountDownLatch closed = new CountDownLatch(1);
    provider.server.drip("/slow", PATIENCE.dividedBy(4), closed);
    provider.describe(Map.of("token_endpoint", provider.server.address() + "/slow"));

    assertThat(unavailable(provider::signIn).getMessage())
        .isEqualTo("The identity provider does not answer in time. Try again later.");
    closed.countDown();
  }

  /**
   * The refusal is about one person. It is not a failure of the provider, which answers about
   * everybody else.
   */
  @Test
  void who_has_to_come_to_the_provider_has_to_sign_in() {
    for (String error :
        List.of(
            "interaction_required",
            "login_required",
            "account_selection_required",
            "consent_required")) {
      provider.say(400, "{\"error\":\"" + error + "\"}");
      assertThat(refreshed()).isEqualTo(new Refreshed.SignInRequired());
    }
    provider.say(400, "{\"error\":\"temporarily_unavailable\"}");
    assertThat(unavailable(this::refresh).neverSent()).isFalse();
  }

  @Test
  void an_error_of_the_provider_is_named_as_such() {
    provider.say(500, "<html>a stack trace</html>");

    assertThat(unavailable(provider::signIn).getMessage())
        .isEqualTo("The identity provider answered with an internal error. Try again later.");
  }

  private void begin() {
    assertThat(
            provider.client.authorizationUri(
                "state", PlayedProvider.NONCE, PlayedProvider.VERIFIER, false))
        .isNotNull();
  }

  private void refresh() {
    Object unused = refreshed();
  }

  private Refreshed refreshed() {
    return provider.client.refresh(
        secret("refresh-1"),
        new Identity(provider.server.issuer(), new Subject("subject-1")),
        true);
  }

  private static ProviderUnavailable unavailable(ThrowingCallable action) {
    return catchThrowableOfType(ProviderUnavailable.class, action);
  }
}
