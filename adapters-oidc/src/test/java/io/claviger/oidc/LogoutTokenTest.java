package io.claviger.oidc;

import static io.claviger.oidc.PlayedProvider.KEY;
import static io.claviger.oidc.PlayedProvider.OTHER_KEY;
import static io.claviger.oidc.PlayedProvider.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.Ed25519Signer;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.claviger.application.identity.port.IdentityProvider.InvalidResponse;
import io.claviger.application.identity.port.IdentityProvider.LoggedOut;
import io.claviger.application.identity.port.IdentityProvider.ProviderUnavailable;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Subject;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class LogoutTokenTest {
  @AutoClose private final PlayedProvider provider = new PlayedProvider();

  @Test
  void a_logout_token_names_a_person_and_a_session_with_or_without_a_type() throws JOSEException {
    LoggedOut expected =
        new LoggedOut(
            Optional.of(new Identity(provider.server.issuer(), new Subject("subject-1"))),
            Optional.of("session-1"));

    assertThat(validate(claims().build())).isEqualTo(expected);
    for (String type : new String[] {"logout+jwt", "JWT"}) {
      String token =
          signed(header(JWSAlgorithm.RS256, type), new RSASSASigner(KEY), claims().build());
      assertThat(provider.client.validateLogout(token)).isEqualTo(expected);
    }
  }

  @Test
  void a_logout_token_names_a_person_alone_or_a_session_alone() {
    assertThat(validate(claims().claim("sid", null).build()).session()).isEmpty();
    assertThat(validate(claims().subject(null).build()).subject()).isEmpty();
    refused(claims().claim("sid", null).subject(null));
  }

  @Test
  void an_empty_name_of_a_person_or_session_ends_no_session() {
    refused(claims().subject(""));
    refused(claims().subject("").claim("sid", null));
    refused(claims().claim("sid", " "));
  }

  @Test
  void a_logout_token_sent_again_names_the_same_person() {
    String token = signed(claims().build());

    assertThat(provider.client.validateLogout(token))
        .isEqualTo(provider.client.validateLogout(token));
  }

  @Test
  void ed25519_signs_logout_tokens() throws JOSEException {
    OctetKeyPair ed = new OctetKeyPairGenerator(Curve.Ed25519).keyID("ed").generate();
    provider.server.publish(ed.toPublicJWK());
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.EdDSA).keyID("ed").build();

    assertThat(
            provider.client.validateLogout(signed(header, new Ed25519Signer(ed), claims().build())))
        .isNotNull();
  }

  @Test
  void a_logout_token_for_or_of_somebody_else_is_refused() {
    refused(claims().audience("another-client"));
    refused(claims().issuer("https://other.example"));
  }

  @Test
  void an_id_token_is_no_logout_token() {
    refused(provider.claims());
    refused(claims().claim("nonce", PlayedProvider.NONCE));
    refused(claims().claim("events", null));
    refused(claims().claim("events", Map.of("https://example.org/other", Map.of())));
  }

  @Test
  void an_old_logout_token_and_one_from_the_future_are_refused() {
    Instant now = provider.clock.instant();

    assertThat(validate(claims().issueTime(Date.from(now.minusSeconds(590))).build())).isNotNull();
    refused(claims().issueTime(Date.from(now.minusSeconds(610))));
    refused(claims().issueTime(Date.from(now.plusSeconds(70))));
    refused(claims().issueTime(null));
    refused(claims().expirationTime(Date.from(now.minusSeconds(70))));
  }

  @Test
  void a_logout_token_that_the_provider_did_not_sign_is_refused() throws JOSEException {
    byte[] publicKey = KEY.toRSAPublicKey().getEncoded();

    refused(new PlainJWT(claims().build()).serialize());
    refused(signed(header(JWSAlgorithm.HS256, "JWT"), new MACSigner(publicKey), claims().build()));
    refused(
        signed(header(JWSAlgorithm.RS256, "JWT"), new RSASSASigner(OTHER_KEY), claims().build()));
    refused("no token");
    refused("");
  }

  @Test
  void while_keys_cannot_be_had_a_logout_token_is_neither_accepted_nor_refused() {
    provider.server.answerWith(503);

    assertThatThrownBy(() -> validate(claims().build())).isInstanceOf(ProviderUnavailable.class);
  }

  private JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(provider.server.address())
        .subject("subject-1")
        .audience(PlayedProvider.CLIENT)
        .issueTime(Date.from(provider.clock.instant()))
        .expirationTime(Date.from(provider.clock.instant().plusSeconds(120)))
        .jwtID("token-1")
        .claim("sid", "session-1")
        .claim("events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()));
  }

  private static JWSHeader header(JWSAlgorithm algorithm, String type) {
    return new JWSHeader.Builder(algorithm)
        .type(new JOSEObjectType(type))
        .keyID(KEY.getKeyID())
        .build();
  }

  private LoggedOut validate(JWTClaimsSet claims) {
    return provider.client.validateLogout(signed(claims));
  }

  private void refused(JWTClaimsSet.Builder claims) {
    refused(signed(claims.build()));
  }

  private void refused(String token) {
    assertThatThrownBy(() -> provider.client.validateLogout(token))
        .isInstanceOf(InvalidResponse.class);
  }
}
