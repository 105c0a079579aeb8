package io.claviger.oidc.trust;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.claviger.application.trusts.port.JwtVerifier.Verification;
import io.claviger.application.trusts.port.OutboundAddresses;
import io.claviger.testkit.Race;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests issuers that redirect to other addresses, and issuers that answer slowly. */
@Timeout(30)
@SuppressWarnings("NullAway.Init") // set before all tests
@Tag("slow")
class IssuerTroubleTest {
  /** A timeout that working servers meet even on a busy machine. */
  private static final Duration DEADLINE = Duration.ofSeconds(2);

  private static final Verification UNAVAILABLE = new Verification.Unavailable();
  private static final Verification INVALID = new Verification.Invalid();
  private static RSAKey key;

  private final IssuerServer server = new IssuerServer();
  private final IssuerServer other = new IssuerServer();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Set<Integer> permittedPorts = new HashSet<>(Set.of(port(server)));
  private final List<Duration> patience = new CopyOnWriteArrayList<>();
  private final OutboundAddresses policy =
      (host, port, longest) -> {
        patience.add(longest);
        if (!permittedPorts.contains(port)) {
          throw new UnknownHostException("not permitted");
        }
        return List.of(InetAddress.getLoopbackAddress());
      };
  private final AtomicLong nanos = new AtomicLong();
  private final NimbusJwtVerifier verifier = new NimbusJwtVerifier(policy, nanos::get, DEADLINE);

  @BeforeAll
  static void generate() {
    key = IssuerServer.key(0, "first");
  }

  IssuerTroubleTest() {
    server.publish(key.toPublicJWK());
    other.publish(key.toPublicJWK());
  }

  @AfterEach
  void close() throws IOException {
    closed.countDown();
    verifier.close();
    server.close();
    other.close();
  }

  @Test
  void keys_at_an_address_that_is_not_permitted_are_not_fetched_for_a_permitted_issuer() {
    server.sayMetadata(IssuerServer.metadata(server.address(), other.address() + "/keys"));

    assertThat(verify(server)).isEqualTo(UNAVAILABLE);
    assertThat(other.fetches()).isZero();

    permittedPorts.add(port(other));
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
    assertThat(verify(server)).isInstanceOf(Verification.Verified.class);
    assertThat(other.fetches()).isEqualTo(1);
  }

  /** With the headers jwk and jku, a token itself could determine the key for its verification. */
  @Test
  void a_key_that_a_token_brings_along_or_leads_to_signs_nothing() throws JOSEException {
    permittedPorts.add(port(other));
    RSAKey own = IssuerServer.key(1, "first");
    other.publish(own.toPublicJWK());
    JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("first");

    assertThat(verifier.verify(server.issuer(), token(server, header.jwk(own.toPublicJWK()), own)))
        .isEqualTo(INVALID);
    assertThat(
            verifier.verify(
                server.issuer(),
                token(server, header.jwkURL(URI.create(other.address() + "/keys")), own)))
        .isEqualTo(INVALID);
    assertThat(other.fetches()).isZero();
  }

  /** A verifier that does not know a critical header can't know what the signature covers. */
  @Test
  void a_token_that_demands_what_is_not_known_here_is_not_accepted() {
    JWSHeader.Builder header =
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .keyID("first")
            .criticalParams(Set.of("urn:example:unknown"))
            .customParam("urn:example:unknown", true);

    assertThat(verifier.verify(server.issuer(), token(server, header, key))).isEqualTo(INVALID);
  }

  @Test
  void the_name_server_of_an_issuer_has_the_time_that_is_left_for_the_request() {
    assertThat(verify(server)).isInstanceOf(Verification.Verified.class);

    assertThat(patience).isNotEmpty().allMatch(each -> each.compareTo(DEADLINE) < 0);
  }

  @Test
  void a_redirect_to_another_server_is_not_followed() {
    permittedPorts.add(port(other));
    server.redirectTo(other.address() + "/keys");
    server.answerWith(307);

    assertThat(verify(server)).isEqualTo(UNAVAILABLE);
    assertThat(other.fetches()).isZero();
  }

  @Test
  void an_issuer_that_never_answers_is_given_up() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      permittedPorts.add(silent.getLocalPort());
      server.sayMetadata(
          IssuerServer.metadata(
              server.address(), "http://localhost:" + silent.getLocalPort() + "/keys"));

      assertThat(verify(server)).isEqualTo(UNAVAILABLE);
    }
  }

  @Test
  void an_issuer_that_sends_piece_by_piece_is_given_up() {
    server.drip("/slow", DEADLINE.dividedBy(4), closed);
    server.sayMetadata(IssuerServer.metadata(server.address(), server.address() + "/slow"));

    assertThat(verify(server)).isEqualTo(UNAVAILABLE);
  }

  @ParameterizedTest
  @CsvSource({
    "60, 500, 0, true",
    "1, 1000000, 0, false",
    "1000, 10, 0, false",
    "90, 4000, 0, false",
    "1, 10, 2, true",
    "1, 10, 1000, false"
  })
  void an_issuer_whose_head_or_trailers_are_huge_is_given_up(
      int fields, int length, int trailers, boolean accepted) throws IOException {
    String head = "X-Padding: " + "x".repeat(length) + "\r\n";
    String keys = new JWKSet(List.of(key.toPublicJWK())).toString();
    String answer =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
            + head.repeat(fields)
            + "\r\n%x\r\n%s\r\n0\r\n".formatted(keys.length(), keys)
            + "X-Trailer: x\r\n".repeat(trailers)
            + "\r\n";
    try (ServerSocket large = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread unused = Thread.startVirtualThread(() -> answerOnce(large, answer));
      permittedPorts.add(large.getLocalPort());
      server.sayMetadata(
          IssuerServer.metadata(
              server.address(), "http://localhost:" + large.getLocalPort() + "/keys"));

      assertThat(verify(server) instanceof Verification.Verified).isEqualTo(accepted);
    }
  }

  private static void answerOnce(ServerSocket server, String answer) {
    try (Socket caller = server.accept()) {
      BufferedReader request =
          new BufferedReader(new InputStreamReader(caller.getInputStream(), US_ASCII));
      String line = request.readLine();
      while (line != null && !line.isEmpty()) {
        line = request.readLine();
      }
      caller.getOutputStream().write(answer.getBytes(US_ASCII));
      caller.shutdownOutput();
      boolean unused = request.readLine() == null;
    } catch (IOException gone) {
      // The caller has left, because it does not accept the answer.
    }
  }

  @Test
  void many_who_wait_for_a_slow_issuer_hold_up_nobody_elses() {
    permittedPorts.add(port(other));
    server.drip("/slow", DEADLINE.dividedBy(4), closed);
    server.sayMetadata(IssuerServer.metadata(server.address(), server.address() + "/slow"));

    List<Boolean> verified =
        Race.of(24, n -> verify(n < 20 ? server : other) instanceof Verification.Verified, 1);

    assertThat(verified.subList(0, 20)).containsOnly(false);
    assertThat(verified.subList(20, 24)).containsOnly(true);
  }

  private Verification verify(IssuerServer issuer) {
    return verifier.verify(issuer.issuer(), token(issuer));
  }

  private static int port(IssuerServer issuer) {
    return issuer.issuer().uri().getPort();
  }

  private static String token(IssuerServer issuer) {
    return token(issuer, new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()), key);
  }

  private static String token(IssuerServer issuer, JWSHeader.Builder header, RSAKey signer) {
    try {
      SignedJWT jwt =
          new SignedJWT(
              header.build(),
              new JWTClaimsSet.Builder()
                  .issuer(issuer.address())
                  .subject("s")
                  .audience("https://claviger.example")
                  .expirationTime(Date.from(Instant.parse("2100-01-01T00:00:00Z")))
                  .build());
      jwt.sign(new RSASSASigner(signer));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
