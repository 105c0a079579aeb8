package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.AccessTokens.Authentication;
import io.claviger.application.builders.AToken;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.AddressNet;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.CertificateThumbprint;
import io.claviger.domain.accounts.TokenBar;
import io.claviger.domain.accounts.TokenBinding;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.instances.Instance;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tokens that are accepted only from some networks, or with a certificate. */
class BoundTokensTest {
  private static final CertificateThumbprint CERTIFICATE = CertificateThumbprint.of(new byte[] {1});
  private static final TokenBinding TO_NETWORK =
      new TokenBinding(List.of(AddressNet.parse("10.0.0.0/8").orElseThrow()), Optional.empty());
  private static final CallerOrigin HOME = new CallerOrigin("10.1.2.3");
  private static final CallerOrigin ELSEWHERE = new CallerOrigin("192.0.2.9");

  private final Calls c = new Calls();
  private final Instance service = c.write.withKey(c.alice, "s");
  private final AccessToken bound = AToken.of(c.alice).bound(TO_NETWORK).build();
  private final TokenText text = c.w.stored(bound);

  private CallRequest from(CallerOrigin where) {
    return CallRequest.ofHead(
        text, new CallTarget.Service(service.ref()), "POST", "embeddings", where, "r");
  }

  private static void close(AuthorizationOutcome outcome) {
    outcome.close();
  }

  @Test
  void a_call_from_elsewhere_is_refused_and_one_from_home_passes() {
    close(c.w.callAuthorization.authorize(from(HOME)));

    assertThat(Calls.refusal(c.w.callAuthorization.authorize(from(ELSEWHERE))))
        .isEqualTo(CallRefusal.TOKEN_BOUND);
    assertThat(c.w.callAuthorization.authorize(from(HOME)))
        .isInstanceOf(AuthorizationOutcome.Authorized.class);
  }

  @Test
  void what_is_remembered_of_a_call_from_home_does_not_serve_one_from_elsewhere() {
    c.refresh();
    close(c.w.callAuthorization.authorize(from(HOME)));
    close(c.w.callAuthorization.authorizeAtOnce(from(HOME)).orElseThrow());

    assertThat(Calls.refusal(c.w.callAuthorization.authorizeAtOnce(from(ELSEWHERE)).orElseThrow()))
        .isEqualTo(CallRefusal.TOKEN_BOUND);
    assertThat(c.w.callAuthorization.basisAtOnce(from(ELSEWHERE))).isEmpty();
    close(c.w.callAuthorization.authorizeAtOnce(from(HOME)).orElseThrow());
  }

  @Test
  void a_certificate_is_demanded_too() {
    TokenText certified =
        c.w.stored(
            AToken.of(c.alice)
                .bound(new TokenBinding(TO_NETWORK.networks(), Optional.of(CERTIFICATE)))
                .build());

    assertThat(c.w.accessTokens.authenticate(certified, HOME, "r"))
        .isEqualTo(new Authentication.Barred(TokenBar.TOKEN_BOUND));
    assertThat(
            c.w.accessTokens.authenticate(
                certified, new CallerOrigin("10.1.2.3", Optional.of(CERTIFICATE)), "r"))
        .isInstanceOf(Authentication.Authenticated.class);
    assertThat(
            c.w.accessTokens.authenticateForReading(
                certified, new CallerOrigin("192.0.2.9", Optional.of(CERTIFICATE)), "r"))
        .isEqualTo(new Authentication.Barred(TokenBar.TOKEN_BOUND));
  }

  @Test
  void a_thousand_attempts_become_two_lines_on_record_and_a_note_for_the_owner() {
    for (int n = 0; n < 500; n++) {
      close(c.w.callAuthorization.authorize(from(ELSEWHERE)));
    }
    c.w.rejected.flush(c.w.claviger.clock().instant());
    for (int n = 0; n < 500; n++) {
      Authentication unused = c.w.accessTokens.authenticate(text, ELSEWHERE, "r");
    }
    c.w.rejected.flush(c.w.claviger.clock().instant());
    assertThat(c.w.recorded()).containsExactly("token.bound refused alice []");

    c.w.rejected.flush(c.w.claviger.clock().instant().plus(Duration.ofMinutes(10)));
    c.w.rejected.flush(c.w.claviger.clock().instant().plus(Duration.ofMinutes(11)));

    assertThat(c.w.events()).extracting(event -> event.count()).containsExactly(500, 500);
    assertThat(c.w.claviger.accessTokens().find(text.hash()).orElseThrow().token().stray())
        .hasValueSatisfying(stray -> assertThat(stray.from()).isEqualTo("192.0.2.9"));
  }

  @Test
  void attempts_do_not_count_as_invalid_tokens_and_are_never_a_reason_to_wait() {
    for (int n = 0; n < 100; n++) {
      assertThat(Calls.refusal(c.w.callAuthorization.authorize(from(ELSEWHERE))))
          .isEqualTo(CallRefusal.TOKEN_BOUND);
    }
  }
}
