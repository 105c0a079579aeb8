package io.claviger.credentials;

import static io.claviger.credentials.Asking.failure;
import static io.claviger.credentials.Asking.text;
import static io.claviger.credentials.Asking.token;
import static io.claviger.domain.credentials.CredentialField.AUDIENCE;
import static io.claviger.domain.credentials.CredentialField.CLIENT_ID;
import static io.claviger.domain.credentials.CredentialField.SCOPE;
import static io.claviger.domain.credentials.CredentialField.TOKEN_URL;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import io.claviger.application.credentials.port.CredentialMinter.Inspection;
import io.claviger.application.credentials.port.CredentialMinter.MintFailure.Cause;
import io.claviger.application.credentials.port.CredentialMinter.MintResult;
import io.claviger.application.credentials.port.CredentialMinter.Minted;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.keys.Secret;
import io.claviger.stub.Behaviour;
import io.claviger.stub.StubOptions;
import io.claviger.stub.StubProvider;
import io.claviger.stub.TokenUrls.Lie;
import io.claviger.testkit.Race;
import io.claviger.testkit.RsaKeys;
import io.claviger.testkit.TlsIdentity;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPrivateKeySpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the client credentials grant as defined by RFC 6749 (4.4, 2.3.1, October 2012) and RFC 7523
 * (2.2, May 2015), with the header that "Microsoft identity platform application authentication
 * certificate credentials" (learn.microsoft.com, read on 2026-11-23) requires.
 */
@SuppressWarnings("NullAway.Init") // set before all tests
class OauthClientMinterTest {
  private static final String SECRET = "p:ss &w%rd+of=bob";
  private static KeyPair rsa;

  private final Asking asking = new Asking();

  @AfterEach
  void close() {
    asking.close();
  }

  private Map<CredentialField, String> settings() {
    Map<CredentialField, String> settings = new EnumMap<>(CredentialField.class);
    settings.put(CLIENT_ID, "bob:the client");
    settings.put(TOKEN_URL, asking.stub.baseUrl() + "/tokens/client");
    return settings;
  }

  private Map<CredentialField, String> with(CredentialField field, String value) {
    Map<CredentialField, String> settings = settings();
    settings.put(field, value);
    return settings;
  }

  private MintResult ask(String secret) {
    return asking.ask(CredentialKind.OAUTH_CLIENT, settings(), secret);
  }

  private static String pem(String name, byte[] der) {
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
        .formatted(name, Base64.getMimeEncoder().encodeToString(der), name);
  }

  private static KeyPair rsa(int bits) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(bits);
    return generator.generateKeyPair();
  }

  private static KeyPair curve(String name) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(name));
    return generator.generateKeyPair();
  }

  @BeforeAll
  static void makeKeys() {
    rsa = RsaKeys.pair(0);
  }

  @Test
  void a_secret_becomes_a_token() {
    asking.stub.tokens().client("bob:the client", SECRET);
    Minted minted =
        token(asking.ask(CredentialKind.OAUTH_CLIENT, with(SCOPE, "api.read api.call"), SECRET));
    assertThat(text(minted.token())).startsWith("stub-token-");
    assertThat(minted.lifetime()).isEqualTo(Duration.ofMinutes(15));
    assertThat(minted.steps()).singleElement().matches(step -> step.step().equals("token_url"));
    assertThat(asking.stub.requests().getFirst().text())
        .contains("grant_type=client_credentials")
        .contains("scope=api.read+api.call");
  }

  @Test
  void a_server_that_wants_the_secret_in_the_body_gets_it_there() {
    asking.stub.tokens().client("bob:the client", SECRET);
    asking.stub.tokens().acceptSecretsInBodyOnly();
    assertThat(text(token(ask(SECRET)).token())).startsWith("stub-token-");
    assertThat(asking.stub.requests()).hasSize(2);
  }

  /** Auth0 answers with the first of these errors. */
  @ParameterizedTest
  @CsvSource({"401, access_denied", "401, ''", "400, invalid_request", "400, invalid_client"})
  void a_server_that_ignores_the_header_gets_the_secret_in_the_body(int status, String error) {
    asking.stub.tokens().client("bob:the client", SECRET);
    asking.stub.tokens().acceptSecretsInBodyOnly(status, error);
    assertThat(text(token(ask(SECRET)).token())).startsWith("stub-token-");
    assertThat(asking.stub.requests()).hasSize(2);
  }

  @Test
  void a_secret_is_not_sent_again_after_a_refusal_for_another_reason() {
    asking.stub.tokens().client("bob:the client", SECRET);
    asking.stub.tokens().audiences("models");
    assertThat(asking.ask(CredentialKind.OAUTH_CLIENT, with(AUDIENCE, "others"), SECRET))
        .isNotInstanceOf(Minted.class);
    assertThat(asking.stub.requests()).hasSize(1);
  }

  @Test
  void an_audience_that_does_not_fit_is_refused_by_name() {
    asking.stub.tokens().client("bob:the client", SECRET);
    asking.stub.tokens().audiences("models");
    assertThat(asking.ask(CredentialKind.OAUTH_CLIENT, with(AUDIENCE, "models"), SECRET))
        .isInstanceOf(Minted.class);
    assertThat(
            failure(
                    asking.ask(CredentialKind.OAUTH_CLIENT, with(AUDIENCE, "others"), SECRET),
                    "token_url",
                    Cause.REFUSED)
                .reason())
        .isEqualTo("It answered with 403: access_denied Service not found: others");
  }

  @Test
  void a_wrong_secret_is_refused() {
    asking.stub.tokens().client("bob:the client", SECRET);
    assertThat(failure(ask("wrong secret"), "token_url", Cause.REFUSED).reason())
        .isEqualTo("It answered with 401: invalid_client Client authentication failed.");
    assertThat(asking.stub.tokens().made()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "secp256r1", "secp384r1", "secp521r1"})
  void a_key_signs_and_no_statement_is_used_twice(String kind) throws Exception {
    KeyPair keys = kind.equals("RSA") ? rsa : curve(kind);
    asking.stub.tokens().client("bob:the client", keys.getPublic());
    String pem = pem("PRIVATE KEY", keys.getPrivate().getEncoded());
    for (int i = 0; i < 2; i++) {
      Minted minted = token(ask(pem));
      assertThat(text(minted.token())).startsWith("stub-token-");
      assertThat(minted.steps())
          .extracting(step -> step.step())
          .containsExactly("key", "token_url");
    }
    assertThat(asking.stub.requests().getFirst().text())
        .doesNotContain("client_secret")
        .doesNotContain("PRIVATE");
  }

  /** {@code openssl pkcs12} writes text before each key. */
  @Test
  void a_key_with_text_before_it_signs_and_is_not_sent() {
    asking.stub.tokens().client("bob:the client", rsa.getPublic());
    String pem =
        "Bag Attributes\n    friendlyName: bob's\nKey Attributes: <No Attributes>\n"
            + pem("PRIVATE KEY", rsa.getPrivate().getEncoded());
    assertThat(text(token(ask(pem)).token())).startsWith("stub-token-");
    assertThat(asking.stub.requests())
        .singleElement()
        .matches(request -> request.headers("authorization").isEmpty())
        .matches(request -> !request.text().contains("client_secret"));
  }

  @Test
  void a_key_that_can_not_be_used_says_what_to_change() throws Exception {
    String der = Base64.getEncoder().encodeToString(rsa.getPrivate().getEncoded());
    Map<String, String> wrong =
        Map.of(
            "-----BEGIN PRIVATE KEY-----\n" + der.substring(0, 800) + "\n-----END PRIVATE KEY-----",
            "it is damaged",
            pem("RSA PRIVATE KEY", new byte[40]),
            "openssl pkcs8",
            pem("ENCRYPTED PRIVATE KEY", new byte[40]),
            "passphrase",
            pem("PUBLIC KEY", new byte[40]),
            "neither a key nor a certificate",
            pem("PRIVATE KEY", rsa(1024).getPrivate().getEncoded()),
            "2048 bits",
            "-----BEGIN PRIVATE KEY-----",
            "no block",
            pem("PRIVATE KEY", curve("secp256r1").getPrivate().getEncoded())
                + pem("CERTIFICATE", new byte[40]),
            "certificate is damaged");
    wrong.forEach(
        (pem, why) ->
            assertThat(failure(ask(pem), "key", Cause.MISCONFIGURED).reason()).contains(why));
    assertThat(asking.stub.requests()).isEmpty();
  }

  /**
   * A key whose signatures would take seconds is refused before it is stored, and before it is
   * used.
   */
  @Test
  void a_key_that_signs_slowly_is_refused() throws Exception {
    RSAPrivateCrtKey secret = (RSAPrivateCrtKey) rsa.getPrivate();
    BigInteger n = secret.getModulus();
    BigInteger e = secret.getPublicExponent();
    BigInteger d = secret.getPrivateExponent();
    BigInteger p = secret.getPrimeP();
    BigInteger q = secret.getPrimeQ();
    BigInteger dp = secret.getPrimeExponentP();
    BigInteger dq = secret.getPrimeExponentQ();
    BigInteger qi = secret.getCrtCoefficient();
    BigInteger large = BigInteger.ONE.shiftLeft(4_096).setBit(0);
    Map<RSAPrivateKeySpec, String> slow = new LinkedHashMap<>();
    slow.put(spec(large, e, d, p, q, dp, dq, qi), "at most 4096 bits");
    slow.put(new RSAPrivateKeySpec(n, d), "prime factors are missing");
    slow.put(spec(n, e.shiftLeft(1).setBit(0), d, p, q, dp, dq, qi), "public exponent");
    slow.put(spec(n, e, d, large, q, dp, dq, qi), "do not fit together");
    slow.put(spec(n, e, d, p, q, large, dq, qi), "do not fit together");
    slow.put(spec(n, e, d, p, q, dp, large, qi), "do not fit together");
    slow.put(spec(n, e, d, p, q, dp, dq, large), "do not fit together");
    slow.put(spec(n, e, large, p, q, dp, dq, qi), "do not fit together");
    for (Map.Entry<RSAPrivateKeySpec, String> each : slow.entrySet()) {
      PrivateKey key = KeyFactory.getInstance("RSA").generatePrivate(each.getKey());
      String pem = pem("PRIVATE KEY", key.getEncoded());

      assertThat(failure(ask(pem), "key", Cause.MISCONFIGURED).reason()).contains(each.getValue());
      assertThat(inspected(pem).fault().orElseThrow()).contains(each.getValue());
    }
    assertThat(asking.stub.requests()).isEmpty();
    assertThat(inspected(pem("PRIVATE KEY", secret.getEncoded()))).isEqualTo(Inspection.FINE);
  }

  @Test
  void signatures_leave_processors_free() {
    AtomicInteger signing = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Integer> signed = Race.of(16, n -> signedSlowly(signing, most), 1);

    assertThat(signed).hasSize(16);
    assertThat(most.get())
        .isBetween(1, Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
  }

  private static int signedSlowly(AtomicInteger signing, AtomicInteger most) {
    try {
      return PemKey.signed(
          () -> {
            int unused = most.accumulateAndGet(signing.incrementAndGet(), Math::max);
            LockSupport.parkNanos(2_000_000);
            return signing.decrementAndGet();
          });
    } catch (Attempt.Failed | JOSEException e) {
      throw new AssertionError(e);
    }
  }

  private static RSAPrivateCrtKeySpec spec(
      BigInteger n,
      BigInteger e,
      BigInteger d,
      BigInteger p,
      BigInteger q,
      BigInteger dp,
      BigInteger dq,
      BigInteger qi) {
    return new RSAPrivateCrtKeySpec(n, e, d, p, q, dp, dq, qi);
  }

  private static Inspection inspected(String text) {
    try (Secret stored = Secret.takingOver(text.getBytes(StandardCharsets.US_ASCII))) {
      return new OauthClientMinter(
              TokenHttp.of((url, owner, system, patience) -> List.of(), InstantSource.system()))
          .inspect(stored);
    }
  }

  @Test
  void a_clock_that_is_five_minutes_off_is_named() throws Exception {
    KeyPair keys = rsa;
    asking.stub.tokens().client("bob:the client", keys.getPublic());
    asking.clock.advance(Duration.ofMinutes(5));
    asking.stub.tokens().clock(() -> asking.clock.instant().minus(Duration.ofMinutes(5)));
    assertThat(
            failure(
                    ask(pem("PRIVATE KEY", keys.getPrivate().getEncoded())),
                    "token_url",
                    Cause.REFUSED)
                .reason())
        .contains("reasonable timeframe")
        .contains("This node's clock is 300 seconds ahead of the other side's clock");
  }

  @Test
  void a_lifetime_with_a_fraction_of_a_second_is_understood() {
    asking.stub.tokens().client("bob:the client", SECRET);
    asking.stub.tokens().lie(Lie.LIFETIME_WITH_FRACTION);

    assertThat(token(ask(SECRET)).lifetime()).isEqualTo(Duration.ofMinutes(15));
  }

  @ParameterizedTest
  @CsvSource({
    "EXPIRED, MISCONFIGURED, already expired",
    "YEAR, MISCONFIGURED, 'lasts 8,760 hours'",
    "OTHER_TYPE, MISCONFIGURED, is not Bearer",
    "NO_LIFETIME, MISCONFIGURED, expires_in",
    "LIFETIME_IN_WORDS, MISCONFIGURED, expires_in",
    "NO_TOKEN, MISCONFIGURED, no access_token",
    "BROKEN_TOKEN, MISCONFIGURED, no header can carry",
    "PAGE, MISCONFIGURED, not a JSON object",
    "SECRET_IN_ERROR, REFUSED, left out because it repeats the secret"
  })
  void a_lie_gives_no_token(Lie lie, Cause cause, String why) {
    asking.stub.tokens().client("bob:the client", SECRET);
    asking.stub.tokens().lie(lie);
    assertThat(failure(ask(SECRET), "token_url", cause).reason())
        .contains(why)
        .doesNotContain("w%rd")
        .doesNotContain("stub-token-");
  }

  /** The client sends its secret in these forms, so a server's log of the request has them too. */
  @Test
  void an_explanation_that_repeats_the_secret_as_it_was_sent_is_left_out() {
    String encoded = URLEncoder.encode(SECRET, StandardCharsets.UTF_8);
    Undisclosed undisclosed = Undisclosed.of(SECRET);
    for (String client : List.of("b", "bo", "bob")) {
      byte[] proof = (client + ":" + encoded).getBytes(StandardCharsets.US_ASCII);

      assertThat(undisclosed.shown("Not for Basic " + Base64.getEncoder().encodeToString(proof)))
          .contains("left out");
    }
    String form = "client_id=bob&client_secret=" + encoded;
    assertThat(undisclosed.shown(form)).contains("left out");
    assertThat(undisclosed.shown("0 % right: " + form)).contains("left out");
    assertThat(undisclosed.shown(form + "&scope=" + "x".repeat(300 - form.length() - 9) + "%2F"))
        .contains("left out");
    assertThat(undisclosed.shown("100% wrong, or 4%2 of it")).isEqualTo("100% wrong, or 4%2 of it");
  }

  @ParameterizedTest
  @CsvSource({
    "stub-redirect, MISCONFIGURED, redirect (302)",
    "stub-big-10485760, UNAVAILABLE, more than 64 KiB",
    "stub-slow-first-byte-30000, UNAVAILABLE, did not answer in time",
    "stub-stall-after-headers, UNAVAILABLE, did not answer in time",
    "stub-chunk-delay-100-count-100, UNAVAILABLE, did not answer in time",
    "stub-reset, UNAVAILABLE, can't be reached",
    "stub-endless-head, UNAVAILABLE, can't be reached",
    "stub-status-500, UNAVAILABLE, It answered with 500",
    "stub-status-429, UNAVAILABLE, It answered with 429",
    "stub-status-404, MISCONFIGURED, Is this the address of a token URL?",
    "stub-gzip, MISCONFIGURED, not a JSON object"
  })
  void a_token_url_that_misbehaves_gives_no_token(String behaviour, Cause cause, String why) {
    asking.stub.tokens().client("bob:the client", SECRET);
    asking.stub.respondNextWith(Behaviour.named(behaviour));
    MintResult result = asking.askUntil(why, CredentialKind.OAUTH_CLIENT, settings(), SECRET);
    assertThat(failure(result, "token_url", cause).reason()).contains(why);
    assertThat(asking.stub.requests()).hasSize(1);
  }

  @Test
  void a_name_server_that_is_slow_is_not_waited_for() {
    List<Duration> left = new ArrayList<>();
    TokenHttp slow =
        TokenHttp.of(
            (url, owner, system, patience) -> {
              assertThat(owner).isEqualTo(Asking.OWNER);
              left.add(patience);
              throw new SocketTimeoutException();
            },
            InstantSource.system());
    MintResult result = Asking.ask(slow, CredentialKind.OAUTH_CLIENT, settings(), SECRET);
    assertThat(failure(result, "token_url", Cause.UNAVAILABLE).reason())
        .contains("could not be looked up in time");
    assertThat(left).hasSize(1).allMatch(each -> each.compareTo(Duration.ofSeconds(10)) <= 0);
  }

  @Test
  void a_certificate_has_to_be_trusted_and_of_the_host() throws Exception {
    TlsIdentity identity = TlsIdentity.shared();
    SslContext serving = SslContextBuilder.forServer(identity.keyManagers()).build();
    try (StubProvider stub = StubProvider.start(StubOptions.defaults().tls(serving))) {
      stub.tokens().client("bob:the client", SECRET);
      TokenHttp plain =
          TokenHttp.of(
              (url, owner, system, patience) -> List.of(InetAddress.getLoopbackAddress()),
              InstantSource.system());
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(identity.keys());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      TokenHttp trusting = plain.trusting(context);
      Map<CredentialField, String> here = with(TOKEN_URL, stub.baseUrl() + "/tokens/client");
      Map<CredentialField, String> elsewhere =
          with(TOKEN_URL, "https://tokens.example.com:" + stub.port() + "/tokens/client");

      token(Asking.ask(trusting, CredentialKind.OAUTH_CLIENT, here, SECRET));
      for (MintResult refused :
          List.of(
              Asking.ask(plain, CredentialKind.OAUTH_CLIENT, here, SECRET),
              Asking.ask(trusting, CredentialKind.OAUTH_CLIENT, elsewhere, SECRET))) {
        assertThat(failure(refused, "token_url", Cause.UNAVAILABLE).reason())
            .contains("certificate that is not trusted");
      }
      assertThat(stub.requests()).hasSize(1);
    }
  }

  @Test
  void an_address_that_is_not_permitted_is_not_asked() {
    assertThat(
            failure(
                    asking.ask(
                        CredentialKind.OAUTH_CLIENT,
                        with(TOKEN_URL, "https://127.0.0.1:9/tokens/client"),
                        SECRET),
                    "token_url",
                    Cause.NOT_ALLOWED)
                .reason())
        .contains("CLAVIGER_ALLOWED_PRIVATE_HOSTS");
  }
}
