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
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.Ed25519Signer;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.claviger.application.identity.port.IdentityProvider.InvalidResponse;
import io.claviger.application.identity.port.IdentityProvider.ProviderUnavailable;
import io.claviger.application.identity.port.ProvidedIdentity;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class IdTokenTest {
  private static final String NOT_VALID =
      "The identity provider's token is not valid for this sign-in. Sign in again.";

  @AutoClose private final PlayedProvider provider = new PlayedProvider();

  @Test
  void rsa_elliptic_curves_and_ed25519_sign_id_tokens() throws JOSEException {
    ECKey ec = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
    OctetKeyPair ed = new OctetKeyPairGenerator(Curve.Ed25519).keyID("ed").generate();
    provider.server.publish(KEY.toPublicJWK(), ec.toPublicJWK(), ed.toPublicJWK());

    assertThat(signIn(JWSAlgorithm.RS256, "first", new RSASSASigner(KEY))).isNotNull();
    assertThat(signIn(JWSAlgorithm.PS256, "first", new RSASSASigner(KEY))).isNotNull();
    assertThat(signIn(JWSAlgorithm.ES256, "ec", new ECDSASigner(ec))).isNotNull();
    assertThat(signIn(JWSAlgorithm.EdDSA, "ed", new Ed25519Signer(ed))).isNotNull();
  }

  @Test
  void another_key_of_ed25519_with_the_same_id_signs_nothing() throws JOSEException {
    OctetKeyPair published = new OctetKeyPairGenerator(Curve.Ed25519).keyID("ed").generate();
    OctetKeyPair other = new OctetKeyPairGenerator(Curve.Ed25519).keyID("ed").generate();
    provider.server.publish(published.toPublicJWK());

    assertThatThrownBy(() -> signIn(JWSAlgorithm.EdDSA, "ed", new Ed25519Signer(other)))
        .isInstanceOf(InvalidResponse.class)
        .hasMessage(NOT_VALID);
  }

  @Test
  void an_id_token_without_signature_signs_nobody_in() {
    provider.give(new PlainJWT(provider.claims().build()).serialize());

    assertThatThrownBy(provider::signIn).isInstanceOf(InvalidResponse.class).hasMessage(NOT_VALID);
  }

  @Test
  void a_public_key_or_the_clients_secret_is_no_secret_of_both() throws JOSEException {
    byte[] publicKey = KEY.toRSAPublicKey().getEncoded();

    assertThatThrownBy(() -> signIn(JWSAlgorithm.HS256, "first", new MACSigner(publicKey)))
        .isInstanceOf(InvalidResponse.class);
    assertThatThrownBy(
            () -> signIn(JWSAlgorithm.HS256, "first", new MACSigner("client-secret".repeat(4))))
        .isInstanceOf(InvalidResponse.class);
  }

  @Test
  void another_algorithm_signs_nobody_in() throws JOSEException {
    assertThatThrownBy(() -> signIn(JWSAlgorithm.RS512, "first", new RSASSASigner(KEY)))
        .isInstanceOf(InvalidResponse.class)
        .hasMessageContaining("Tell an administrator: the provider has to use RS256, PS256, ES256");
  }

  @Test
  void a_token_of_another_type_is_no_id_token() throws JOSEException {
    provider.give(
        signed(
            new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(new JOSEObjectType("logout+jwt"))
                .keyID("first")
                .build(),
            new RSASSASigner(KEY),
            provider.claims().build()));

    assertThatThrownBy(provider::signIn).isInstanceOf(InvalidResponse.class);
  }

  @Test
  void a_token_of_another_issuer_signs_nobody_in() {
    refused(provider.claims().issuer("https://other.example"));
    refused(provider.claims().issuer(provider.server.address() + "/"));
    refused(provider.claims().issuer(null));
  }

  @Test
  void a_token_with_an_empty_subject_signs_nobody_in() {
    refused(provider.claims().subject(""));
    refused(provider.claims().subject(" "));
  }

  @Test
  void the_token_of_another_sign_in_signs_nobody_in() {
    refused(provider.claims().claim("nonce", "nonce-of-another-sign-in"));
    refused(provider.claims().claim("nonce", null));
  }

  @Test
  void a_token_for_somebody_else_signs_nobody_in() {
    refused(provider.claims().audience("another-client"));
    refused(provider.claims().audience((String) null));
    refused(provider.claims().claim("azp", "another-client"));
    refused(provider.claims().claim("azp", 1));
  }

  @Test
  void a_token_for_several_clients_names_the_one_that_asked_for_it() {
    List<String> several = List.of("another-client", PlayedProvider.CLIENT);

    refused(provider.claims().audience(several));
    refused(provider.claims().audience(several).claim("azp", "another-client"));
    assertThat(
            provider.signIn(
                provider.claims().audience(several).claim("azp", PlayedProvider.CLIENT).build()))
        .isNotNull();
  }

  @Test
  void a_token_from_the_future_blames_a_clock() {
    Date soon = Date.from(provider.clock.instant().plusSeconds(50));
    Date later = Date.from(provider.clock.instant().plusSeconds(70));

    assertThat(provider.signIn(provider.claims().issueTime(soon).notBeforeTime(soon).build()))
        .isNotNull();
    refusedForClock(provider.claims().issueTime(later));
    refusedForClock(provider.claims().notBeforeTime(later));
  }

  @Test
  void an_expired_token_blames_a_clock() {
    Instant now = provider.clock.instant();

    assertThat(
            provider.signIn(
                provider
                    .claims()
                    .issueTime(Date.from(now.minusSeconds(300)))
                    .expirationTime(Date.from(now.minusSeconds(30)))
                    .build()))
        .isNotNull();
    refusedForClock(provider.claims().expirationTime(Date.from(now.minusSeconds(60))));
  }

  @Test
  void a_token_without_times_or_subject_signs_nobody_in() {
    refused(provider.claims().expirationTime(null));
    refused(provider.claims().issueTime(null));
    refused(provider.claims().subject(null));
  }

  @Test
  void a_new_key_is_accepted_and_a_withdrawn_one_no_longer() {
    assertThat(provider.signIn(provider.claims().build())).isNotNull();
    provider.server.publish(OTHER_KEY.toPublicJWK());

    provider.give(signed(OTHER_KEY, provider.claims().build()));
    assertThat(provider.signIn()).isNotNull();

    provider.give(signed(KEY, provider.claims().build()));
    assertThatThrownBy(provider::signIn).isInstanceOf(RuntimeException.class);
  }

  @Test
  void unknown_keys_make_claviger_ask_for_keys_only_once_more() {
    assertThat(provider.signIn(provider.claims().build())).isNotNull();
    provider.give(signed(OTHER_KEY, provider.claims().build()));
    assertThatThrownBy(provider::signIn).isInstanceOf(InvalidResponse.class);
    for (int i = 0; i < 20; i++) {
      provider.give(signed(OTHER_KEY, provider.claims().build()));
      assertThatThrownBy(provider::signIn)
          .isInstanceOf(ProviderUnavailable.class)
          .hasMessage("The identity provider signed with an unknown key. Try again in a minute.");
    }

    assertThat(provider.server.fetches()).isEqualTo(2);
    // A sign-in whose token was signed with a known key is not delayed.
    assertThat(provider.signIn(provider.claims().build())).isNotNull();
  }

  private ProvidedIdentity signIn(JWSAlgorithm algorithm, String keyId, JWSSigner signer) {
    provider.give(
        signed(
            new JWSHeader.Builder(algorithm).keyID(keyId).build(),
            signer,
            provider.claims().build()));
    return provider.signIn();
  }

  private void refused(JWTClaimsSet.Builder claims) {
    assertThatThrownBy(() -> provider.signIn(claims.build()))
        .isInstanceOf(InvalidResponse.class)
        .hasMessage(NOT_VALID);
  }

  private void refusedForClock(JWTClaimsSet.Builder claims) {
    assertThatThrownBy(() -> provider.signIn(claims.build()))
        .isInstanceOf(InvalidResponse.class)
        .hasMessageContaining("provider's clock or Claviger's is wrong");
  }
}
