package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.oauth2.sdk.token.TokenTypeURI;
import com.nimbusds.oauth2.sdk.token.TypelessAccessToken;
import com.nimbusds.oauth2.sdk.tokenexchange.TokenExchangeGrant;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.trusts.PresentedJwt;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Token exchange with a client that is not ours, over a socket. Signatures are a matter of the
 * verifier, which is a fake here.
 */
class TokenExchangeTest {
  private static final String CLAVIGER = "https://claviger.example";
  private static final String CI = "https://ci.example";
  private static final String SUBJECT = "repo:acme/app:ref:refs/heads/main";
  @AutoClose private final Served served = Served.start();
  private final Instant now = served.ports().clock().instant();

  @BeforeEach
  void start() {
    Client root = served.root();
    root.post("/v1/users", Map.of("handle", "alice")).isStatus(201);
    root.post("/v1/users", Map.of("handle", "bot", "kind", "service", "responsible", "alice"))
        .isStatus(201);
    root.post("/v1/users", Map.of("handle", "other", "kind", "service", "responsible", "alice"))
        .isStatus(201);
    root.put("/v1/trusted-issuers/ci", Map.of("issuer", CI)).isStatus(201);
    root.put(
            "/v1/users/bot/trusts/main",
            Map.of(
                "issuer",
                "ci",
                "subject",
                "repo:acme/app:*",
                "claims",
                Map.of("environment", "production")))
        .isStatus(201);
  }

  @Test
  void a_programs_own_token_becomes_one_of_the_service_account() throws Exception {
    TokenResponse answer = exchange(jwt(CI, SUBJECT, CLAVIGER, "production", 30), "bot");
    AccessToken token = answer.toSuccessResponse().getTokens().getAccessToken();
    assertThat(token.getLifetime()).isEqualTo(30 * 60);
    assertThat(token.getScope()).isEqualTo(new Scope("use"));
    assertThat(token.getIssuedTokenType()).isEqualTo(TokenTypeURI.ACCESS_TOKEN);
    assertThat(answer.toSuccessResponse().getTokens().getRefreshToken()).isNull();
    Client bot = served.holding(token.getValue());
    assertThat(bot.get("/v1/me").text("/handle")).isEqualTo("bot");
    bot.post("/v1/users/bot/tokens", Map.of("name", "n")).isStatus(403);
    TestResponse line = served.root().get("/v1/audit-events?action=token.exchange").isStatus(200);
    assertThat(line.text("/items/0/presented_subject")).isEqualTo(SUBJECT);
    served.ports().clock().advance(Duration.ofMinutes(31));
    bot.get("/v1/me").isStatus(401);
  }

  @Test
  void the_metadata_names_the_grant() {
    assertThat(served.nobody().get("/.well-known/oauth-authorization-server").body())
        .contains(TokenExchangeGrant.GRANT_TYPE.getValue());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "another issuer, https://evil.example, repo:acme/app:x, https://claviger.example, production,"
        + " 30, bot",
    "another subject, https://ci.example, repo:acme/apple:x, https://claviger.example, production,"
        + " 30, bot",
    "another claim, https://ci.example, repo:acme/app:x, https://claviger.example, staging, 30,"
        + " bot",
    "another audience, https://ci.example, repo:acme/app:x, https://sts.example, production, 30,"
        + " bot",
    "an expired one, https://ci.example, repo:acme/app:x, https://claviger.example, production, -1,"
        + " bot",
    "an account without a trust, https://ci.example, repo:acme/app:x, https://claviger.example,"
        + " production, 30, other",
    "a person, https://ci.example, repo:acme/app:x, https://claviger.example, production, 30,"
        + " alice",
    "nobody, https://ci.example, repo:acme/app:x, https://claviger.example, production, 30, nobody"
  })
  void every_mismatch_is_the_same_invalid_grant(
      String what,
      String issuer,
      String subject,
      String audience,
      String environment,
      int minutes,
      String account)
      throws Exception {
    TestResponse refused =
        post(jwt(issuer, subject, audience, environment, minutes), account).isStatus(400);
    assertThat(refused.body()).as(what).isEqualTo(post("no.jwt.at-all", "bot").body());
    assertThat(refused.text("/error")).isEqualTo("invalid_grant");
    assertThat(refused.header("Cache-Control")).isEqualTo("no-store");
  }

  @Test
  void an_issuer_that_is_away_is_said_to_be() throws Exception {
    String jwt = jwt(CI, SUBJECT, CLAVIGER, "production", 30);
    served.ports().jwtVerifier().leave();
    TestResponse answer = post(jwt, "bot").isStatus(503);
    assertThat(answer.text("/error")).isEqualTo("temporarily_unavailable");
    assertThat(answer.header("Retry-After")).isEqualTo("5");
  }

  @ParameterizedTest
  @CsvSource({
    "resource=bot, invalid_target",
    "resource=urn:claviger:user:, invalid_target",
    "resource=urn:claviger:user:Not%20a%20Handle, invalid_target",
    "resource=, invalid_request",
    "scope=manage, invalid_scope",
    "actor_token=x, invalid_request",
    "requested_token_type=urn:ietf:params:oauth:token-type:refresh_token, invalid_request",
    "subject_token_type=urn:ietf:params:oauth:token-type:access_token, invalid_request",
    "subject_token=, invalid_request"
  })
  void what_is_asked_wrongly_is_told(String field, String error) {
    String name = field.substring(0, field.indexOf('='));
    String form =
        ("grant_type="
                + TokenExchangeGrant.GRANT_TYPE.getValue()
                + "&subject_token=x&subject_token_type=urn:ietf:params:oauth:token-type:jwt"
                + "&resource=urn:claviger:user:bot&")
            .replaceAll("&" + name + "=[^&]*&", "&");
    TestResponse refused = served.nobody().form("/oauth/token", form + field).isStatus(400);
    assertThat(refused.text("/error")).isEqualTo(error);
  }

  private TokenResponse exchange(String jwt, String account) throws Exception {
    return TokenResponse.parse(
        new TokenRequest.Builder(
                URI.create("http://127.0.0.1:" + served.port() + "/oauth/token"),
                new TokenExchangeGrant(new TypelessAccessToken(jwt), TokenTypeURI.JWT))
            .resource(URI.create("urn:claviger:user:" + account))
            .build()
            .toHTTPRequest()
            .send());
  }

  private TestResponse post(String jwt, String account) {
    return served
        .nobody()
        .form(
            "/oauth/token",
            "grant_type="
                + TokenExchangeGrant.GRANT_TYPE.getValue()
                + "&subject_token="
                + jwt
                + "&subject_token_type="
                + TokenTypeURI.JWT.getURI()
                + "&resource=urn:claviger:user:"
                + account);
  }

  /** A JWT that the verifier finds validly signed. */
  private String jwt(
      String issuer, String subject, String audience, String environment, int minutes)
      throws JOSEException {
    Instant until = now.plus(Duration.ofMinutes(minutes));
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader(JWSAlgorithm.HS256),
            new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject(subject)
                .audience(audience)
                .claim("environment", environment)
                .expirationTime(Date.from(until))
                .build());
    jwt.sign(new MACSigner(new byte[32]));
    String text = jwt.serialize();
    served
        .ports()
        .jwtVerifier()
        .put(
            text,
            new PresentedJwt(
                new Issuer(issuer),
                subject,
                List.of(audience),
                Map.of("environment", environment),
                until,
                Optional.empty(),
                Optional.empty()));
    return text;
  }
}
