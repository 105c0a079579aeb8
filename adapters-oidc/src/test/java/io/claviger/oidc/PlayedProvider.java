package io.claviger.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import io.claviger.application.identity.OidcSettings;
import io.claviger.application.identity.port.ProvidedIdentity;
import io.claviger.domain.identity.GroupSelection;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.keys.Secret;
import io.claviger.oidc.trust.IssuerServer;
import io.claviger.testkit.SettableClock;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;

/** An OpenID provider on a socket of this machine, and Claviger as its client. */
final class PlayedProvider implements AutoCloseable {
  static final String CLIENT = "claviger";
  static final String NONCE = "nonce-of-this-sign-in";
  static final String VERIFIER = "a-verifier-of-at-least-43-characters-is-demanded";
  static final RSAKey KEY = IssuerServer.key(0, "first");
  static final RSAKey OTHER_KEY = IssuerServer.key(1, "second");

  final IssuerServer server;
  final SettableClock clock = new SettableClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));
  final NimbusIdentityProvider client;
  private final Set<String> usedCodes = ConcurrentHashMap.newKeySet();
  private volatile String lastForm = "";
  private volatile int status = 200;
  private volatile String tokens = "{}";
  private volatile int userInfoStatus = 200;
  private volatile String userInfo = "{\"sub\":\"subject-1\"}";

  PlayedProvider() {
    this(OidcSettings.DEFAULT_SCOPES);
  }

  /**
   * @param scopes the scopes that Claviger requests
   */
  PlayedProvider(List<String> scopes) {
    this(
        new IssuerServer(),
        new ProviderHttp(DefaultClientTlsStrategy.createSystemDefault(), Duration.ofSeconds(30)),
        scopes);
  }

  PlayedProvider(IssuerServer server, ProviderHttp http) {
    this(server, http, OidcSettings.DEFAULT_SCOPES);
  }

  private PlayedProvider(IssuerServer server, ProviderHttp http, List<String> scopes) {
    this.server = server;
    this.client = NimbusIdentityProvider.of(settings(server.issuer(), scopes), http, clock);
    server.publish(KEY.toPublicJWK());
    describe(Map.of());
    server.serve("/token", this::answerToken);
    server.serve("/userinfo", exchange -> answer(exchange, userInfoStatus, userInfo));
  }

  private static OidcSettings settings(Issuer issuer, List<String> scopes) {
    return new OidcSettings(
        issuer,
        new OidcSettings.Client(
            CLIENT,
            Optional.of(secret("client-secret")),
            URI.create("https://claviger.example/console/sign-in/callback")),
        scopes,
        new OidcSettings.Claims(
            OidcSettings.DEFAULT_HANDLE_CLAIM,
            Optional.empty(),
            Optional.of("groups"),
            GroupSelection.ALL),
        Optional.empty(),
        Set.of(),
        OidcSettings.DEFAULT_MAX_AGE);
  }

  static Secret secret(String text) {
    return Secret.takingOver(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Publishes metadata that differ from the usual metadata. */
  void describe(Map<String, Object> different) {
    Map<String, Object> metadata = new HashMap<>();
    metadata.put("issuer", server.address());
    metadata.put("authorization_endpoint", server.address() + "/authorize");
    metadata.put("token_endpoint", server.address() + "/token");
    metadata.put("userinfo_endpoint", server.address() + "/userinfo");
    metadata.put("jwks_uri", server.address() + "/keys");
    metadata.put("subject_types_supported", List.of("public"));
    metadata.put("response_types_supported", List.of("code"));
    metadata.put("id_token_signing_alg_values_supported", List.of("RS256"));
    metadata.putAll(different);
    server.sayMetadata(JSONObjectUtils.toJSONString(metadata));
  }

  /** The claims of a good id token. */
  JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(server.address())
        .subject("subject-1")
        .audience(CLIENT)
        .issueTime(Date.from(clock.instant()))
        .expirationTime(Date.from(clock.instant().plusSeconds(300)))
        .claim("nonce", NONCE)
        .claim("preferred_username", "ada")
        .claim("groups", List.of("research"));
  }

  static String signed(JWTClaimsSet claims) {
    return signed(KEY, claims);
  }

  static String signed(RSAKey key, JWTClaimsSet claims) {
    try {
      return signed(
          new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
          new RSASSASigner(key),
          claims);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static String signed(JWSHeader header, JWSSigner signer, JWTClaimsSet claims) {
    try {
      SignedJWT jwt = new SignedJWT(header, claims);
      jwt.sign(signer);
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** From now on, the token endpoint returns this id token. */
  void give(String idToken) {
    give(Map.of("id_token", idToken, "refresh_token", "refresh-2"));
  }

  void give(Map<String, Object> members) {
    Map<String, Object> answer = new HashMap<>(members);
    answer.put("access_token", "access");
    answer.put("token_type", "Bearer");
    say(200, JSONObjectUtils.toJSONString(answer));
  }

  /** From now on, the token endpoint answers with this status and body. */
  void say(int code, String body) {
    status = code;
    tokens = body;
  }

  /** From now on, the endpoint for user info fails, while the token endpoint answers. */
  void failUserInfo() {
    userInfoStatus = 503;
  }

  void sayUserInfo(Map<String, Object> claims) {
    userInfo = JSONObjectUtils.toJSONString(claims);
  }

  /** Signs in with a code that was not used before. */
  ProvidedIdentity signIn() {
    return exchange("code-" + usedCodes.size());
  }

  ProvidedIdentity signIn(JWTClaimsSet claims) {
    give(signed(claims));
    return signIn();
  }

  ProvidedIdentity exchange(String code) {
    return client.exchange(code, Optional.empty(), NONCE, VERIFIER);
  }

  /** Returns the last form that the token endpoint has received. */
  String lastForm() {
    return lastForm;
  }

  private void answerToken(HttpExchange exchange) throws IOException {
    String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    lastForm = form;
    boolean replayed = form.contains("code=") && !usedCodes.add(form);
    if (replayed) {
      answer(exchange, 400, "{\"error\":\"invalid_grant\"}");
    } else {
      answer(exchange, status, tokens);
    }
  }

  private static void answer(HttpExchange exchange, int code, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() throws IOException {
    client.close();
    server.close();
  }
}
