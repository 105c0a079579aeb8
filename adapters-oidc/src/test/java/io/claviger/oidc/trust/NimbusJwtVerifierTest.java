package io.claviger.oidc.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.Ed25519Signer;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.claviger.application.trusts.port.JwtVerifier.Verification;
import io.claviger.domain.trusts.PresentedJwt;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NimbusJwtVerifierTest {
  private static RSAKey rsa;
  private static RSAKey otherRsa;

  private final IssuerServer server = new IssuerServer();
  private final AtomicLong nanos = new AtomicLong();
  private final NimbusJwtVerifier verifier =
      new NimbusJwtVerifier(
          (host, port, patience) -> List.of(InetAddress.getLoopbackAddress()),
          nanos::get,
          Duration.ofSeconds(5));

  @BeforeAll
  static void generate() throws JOSEException {
    rsa = IssuerServer.key(0, "first");
    otherRsa = IssuerServer.key(1, "second");
  }

  @AfterEach
  void close() throws IOException {
    verifier.close();
    server.close();
  }

  @Test
  void a_token_of_a_pod_is_verified_with_its_claims() throws JOSEException {
    server.publish(rsa.toPublicJWK());
    JWTClaimsSet claims =
        claims()
            .subject("system:serviceaccount:build:runner")
            .claim(
                "kubernetes.io",
                Map.of("namespace", "build", "serviceaccount", Map.of("name", "runner")))
            .build();

    // Tokens of Kubernetes have no type.
    PresentedJwt jwt = verified(signed(new JWSHeader.Builder(JWSAlgorithm.RS256), rsa, claims));

    assertThat(jwt.subject()).isEqualTo("system:serviceaccount:build:runner");
    assertThat(jwt.audience()).containsExactly("https://claviger.example");
    assertThat(jwt.expiresAt()).isEqualTo(Instant.parse("2100-01-01T00:00:00Z"));
    assertThat(jwt.claims()).doesNotContainKey("kubernetes.io");
  }

  @Test
  void a_token_of_github_actions_is_verified_with_its_claims() throws JOSEException {
    server.publish(rsa.toPublicJWK());
    JWTClaimsSet claims =
        claims()
            .subject("repo:acme/app:ref:refs/heads/main")
            .claim("repository", "acme/app")
            .claim("repository_owner_id", "5088")
            .claim("ref", "refs/heads/main")
            .claim("event_name", "push")
            .claim("runner_environment", "github-hosted")
            .build();

    PresentedJwt jwt = verified(signed(typed(), rsa, claims));

    assertThat(jwt.claims())
        .containsEntry("repository_owner_id", "5088")
        .containsEntry("ref", "refs/heads/main");
  }

  @Test
  void of_the_keys_that_may_have_signed_sixteen_are_tried() throws JOSEException {
    List<OctetKeyPair> keys = new ArrayList<>();
    for (int i = 0; i < 2_400; i++) {
      keys.add(new OctetKeyPairGenerator(Curve.Ed25519).generate());
    }
    server.publish(keys.stream().map(OctetKeyPair::toPublicJWK).toArray(JWK[]::new));
    JWSHeader unnamed = new JWSHeader.Builder(JWSAlgorithm.EdDSA).build();

    assertThat(verify(signedBy(unnamed, keys.get(15)))).isInstanceOf(Verification.Verified.class);
    assertThat(verify(signedBy(unnamed, keys.get(16)))).isEqualTo(new Verification.Invalid());
  }

  private String signedBy(JWSHeader header, OctetKeyPair key) throws JOSEException {
    SignedJWT jwt = new SignedJWT(header, claims().build());
    jwt.sign(new Ed25519Signer(key));
    return jwt.serialize();
  }

  @Test
  void elliptic_curves_are_verified() throws JOSEException {
    ECKey ec = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
    OctetKeyPair ed = new OctetKeyPairGenerator(Curve.Ed25519).keyID("ed").generate();
    server.publish(ec.toPublicJWK(), ed.toPublicJWK());

    assertThat(verify(sign(JWSAlgorithm.ES256, "ec", new ECDSASigner(ec))))
        .isInstanceOf(Verification.Verified.class);
    assertThat(verify(sign(JWSAlgorithm.EdDSA, "ed", new Ed25519Signer(ed))))
        .isInstanceOf(Verification.Verified.class);
  }

  @Test
  void no_signature_is_no_signed_token() {
    String jwt = new PlainJWT(claims().build()).serialize();

    assertThat(verifier.issuerOf(jwt)).isEmpty();
    assertThat(verify(jwt)).isEqualTo(new Verification.Invalid());
  }

  @Test
  void a_public_key_is_no_secret_of_both() throws JOSEException {
    server.publish(rsa.toPublicJWK());
    String jwt =
        sign(JWSAlgorithm.HS256, "first", new MACSigner(rsa.toRSAPublicKey().getEncoded()));

    assertThat(verify(jwt)).isEqualTo(new Verification.Invalid());
  }

  @Test
  void another_key_with_the_same_id_signs_nothing() throws JOSEException {
    server.publish(rsa.toPublicJWK());

    assertThat(verify(sign(JWSAlgorithm.RS256, "first", new RSASSASigner(otherRsa))))
        .isEqualTo(new Verification.Invalid());
  }

  @Test
  void the_token_of_another_issuer_is_not_accepted() throws JOSEException {
    server.publish(rsa.toPublicJWK());
    JWTClaimsSet claims = claims().issuer("https://other.example").build();

    assertThat(verify(signed(typed(), rsa, claims))).isEqualTo(new Verification.Invalid());
  }

  @Test
  void a_token_without_expiry_or_subject_is_not_accepted() throws JOSEException {
    server.publish(rsa.toPublicJWK());

    assertThat(verify(signed(typed(), rsa, claims().expirationTime(null).build())))
        .isEqualTo(new Verification.Invalid());
    assertThat(verify(signed(typed(), rsa, claims().subject(null).build())))
        .isEqualTo(new Verification.Invalid());
  }

  @Test
  void a_short_key_signs_nothing() throws JOSEException {
    RSAKey weak = new RSAKeyGenerator(1024, true).keyID("weak").generate();
    server.publish(weak.toPublicJWK());

    RSASSASigner signer =
        new RSASSASigner(weak.toPrivateKey(), Set.of(AllowWeakRSAKey.getInstance()));

    assertThat(verify(sign(JWSAlgorithm.RS256, "weak", signer)))
        .isEqualTo(new Verification.Invalid());
  }

  @Test
  void unknown_keys_are_asked_for_once_a_minute() throws JOSEException {
    server.publish(rsa.toPublicJWK());
    assertThat(verify(token())).isInstanceOf(Verification.Verified.class);
    for (int i = 0; i < 50; i++) {
      String jwt = sign(JWSAlgorithm.RS256, "unknown-" + i, new RSASSASigner(otherRsa));
      assertThat(verify(jwt)).isEqualTo(new Verification.Invalid());
    }
    assertThat(server.fetches()).isEqualTo(1);

    nanos.addAndGet(TimeUnit.SECONDS.toNanos(60));
    String jwt = sign(JWSAlgorithm.RS256, "unknown", new RSASSASigner(otherRsa));
    assertThat(verify(jwt)).isEqualTo(new Verification.Invalid());
    assertThat(verify(jwt)).isEqualTo(new Verification.Invalid());
    assertThat(server.fetches()).isEqualTo(2);
  }

  @Test
  void a_new_key_is_known_after_a_minute_and_a_withdrawn_one_unknown_after_an_hour()
      throws JOSEException {
    server.publish(rsa.toPublicJWK());
    assertThat(verify(token())).isInstanceOf(Verification.Verified.class);
    server.publish(otherRsa.toPublicJWK());
    String renewed = sign(JWSAlgorithm.RS256, "second", new RSASSASigner(otherRsa));
    assertThat(verify(renewed)).isEqualTo(new Verification.Invalid());

    nanos.addAndGet(TimeUnit.SECONDS.toNanos(60));

    assertThat(verify(renewed)).isInstanceOf(Verification.Verified.class);
    assertThat(verify(token())).isEqualTo(new Verification.Invalid());
  }

  @Test
  void known_keys_are_used_while_the_issuer_is_away() throws JOSEException {
    server.publish(rsa.toPublicJWK());
    assertThat(verify(token())).isInstanceOf(Verification.Verified.class);
    server.answerWith(503);

    nanos.addAndGet(TimeUnit.HOURS.toNanos(2));
    assertThat(verify(token())).isInstanceOf(Verification.Verified.class);
    nanos.addAndGet(TimeUnit.HOURS.toNanos(12));
    assertThat(verify(token())).isEqualTo(new Verification.Unavailable());
  }

  @Test
  void an_issuer_that_is_away_leads_elsewhere_or_says_too_much_is_unavailable()
      throws JOSEException {
    server.publish(rsa.toPublicJWK());
    server.answerWith(500);
    assertThat(verify(token())).isEqualTo(new Verification.Unavailable());

    nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
    server.answerWith(302);
    assertThat(verify(token())).isEqualTo(new Verification.Unavailable());

    nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
    server.answerWith(200);
    server.sayKeys("{\"keys\":[]," + " ".repeat(IssuerDocuments.LARGEST) + "\"a\":1}");
    assertThat(verify(token())).isEqualTo(new Verification.Unavailable());

    nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
    server.publish(rsa.toPublicJWK());
    assertThat(verify(token())).isInstanceOf(Verification.Verified.class);
  }

  @Test
  void metadata_that_names_another_issuer_or_an_unsafe_address_of_keys_gives_no_keys()
      throws JOSEException {
    server.publish(rsa.toPublicJWK());
    server.sayMetadata(IssuerServer.metadata("https://other.example", server.address() + "/keys"));
    assertThat(verify(token())).isEqualTo(new Verification.Unavailable());

    nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
    server.sayMetadata(IssuerServer.metadata(server.address(), "http://192.168.0.1/keys"));
    assertThat(verify(token())).isEqualTo(new Verification.Unavailable());
    assertThat(server.fetches()).isZero();
  }

  @Test
  void an_issuer_at_an_address_that_is_not_permitted_is_not_asked()
      throws JOSEException, IOException {
    server.publish(rsa.toPublicJWK());
    try (NimbusJwtVerifier strict =
        new NimbusJwtVerifier(
            (host, port, patience) -> {
              throw new UnknownHostException("not permitted");
            },
            nanos::get,
            Duration.ofSeconds(5))) {
      assertThat(strict.verify(server.issuer(), token())).isEqualTo(new Verification.Unavailable());
    }
    assertThat(server.fetches()).isZero();
  }

  private Verification verify(String jwt) {
    return verifier.verify(server.issuer(), jwt);
  }

  private PresentedJwt verified(String jwt) {
    assertThat(verifier.issuerOf(jwt)).contains(server.issuer());
    Verification verification = verify(jwt);
    assertThat(verification).isInstanceOf(Verification.Verified.class);
    return ((Verification.Verified) verification).jwt();
  }

  private JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(server.address())
        .subject("s")
        .audience("https://claviger.example")
        .expirationTime(Date.from(Instant.parse("2100-01-01T00:00:00Z")));
  }

  private String token() throws JOSEException {
    return signed(typed(), rsa, claims().build());
  }

  private static JWSHeader.Builder typed() {
    return new JWSHeader.Builder(JWSAlgorithm.RS256).type(JOSEObjectType.JWT);
  }

  private static String signed(JWSHeader.Builder header, RSAKey key, JWTClaimsSet claims)
      throws JOSEException {
    SignedJWT jwt = new SignedJWT(header.keyID(key.getKeyID()).build(), claims);
    jwt.sign(new RSASSASigner(key));
    return jwt.serialize();
  }

  private String sign(JWSAlgorithm algorithm, String kid, JWSSigner signer) throws JOSEException {
    SignedJWT jwt =
        new SignedJWT(new JWSHeader.Builder(algorithm).keyID(kid).build(), claims().build());
    jwt.sign(signer);
    return jwt.serialize();
  }
}
