package io.claviger.stub;

import static io.claviger.stub.Caller.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.RsaKeys;
import io.claviger.testkit.SettableClock;
import io.claviger.testkit.http.TestResponse;
import java.net.URLEncoder;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class TokenUrlsTest {
  private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();
  private static KeyPair keys;

  @AutoClose private final StubProvider stub = StubProvider.start();
  @AutoClose private final Caller caller = new Caller(stub);
  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-23T12:00:00Z"));

  @BeforeAll
  static void makeKeys() throws Exception {
    keys = RsaKeys.pair(0);
  }

  private TestResponse form(String path, String body, String... headers) {
    String[] all = new String[headers.length + 2];
    all[0] = "Content-Type";
    all[1] = "application/x-www-form-urlencoded";
    System.arraycopy(headers, 0, all, 2, headers.length);
    return caller.post(path, body, all);
  }

  private static String basic(String id, String secret) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString(
                (URLEncoder.encode(id, UTF_8) + ":" + URLEncoder.encode(secret, UTF_8))
                    .getBytes(UTF_8));
  }

  private TestResponse chat(String token) {
    return caller.post(
        "/v1/chat/completions",
        "{\"model\": \"parrot\", \"messages\": []}",
        "Authorization",
        "Bearer " + token);
  }

  private String statement(String claims) throws Exception {
    String signed =
        URL.encodeToString("{\"alg\":\"RS256\"}".getBytes(UTF_8))
            + "."
            + URL.encodeToString(claims.replace('\'', '"').getBytes(UTF_8));
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(keys.getPrivate());
    signature.update(signed.getBytes(UTF_8));
    return signed + "." + URL.encodeToString(signature.sign());
  }

  @Test
  void a_token_is_accepted_until_it_expires() {
    stub.tokens().client("my client", "p:ss&word");
    stub.tokens().clock(clock);
    TestResponse made =
        form(
            "/tokens/client",
            "grant_type=client_credentials",
            "Authorization",
            basic("my client", "p:ss&word"));
    JsonNode answer = json(made);
    assertThat(made.headers().firstValue("Date")).hasValue("Mon, 23 Nov 2026 12:00:00 GMT");
    assertThat(answer.path("token_type").asString()).isEqualTo("Bearer");
    assertThat(answer.path("expires_in").asInt()).isEqualTo(900);
    String token = answer.path("access_token").asString();

    assertThat(chat(token).status()).isEqualTo(200);
    assertThat(chat("sk-any").status()).isEqualTo(200);
    clock.advance(Duration.ofMinutes(15));
    assertThat(chat(token).status()).isEqualTo(401);
    assertThat(chat("stub-token-made-up").status()).isEqualTo(401);
    stub.tokens().demandTokens();
    assertThat(chat("sk-any").status()).isEqualTo(401);
    assertThat(stub.tokens().made()).isEqualTo(1);
  }

  @Test
  void credentials_that_are_not_form_encoded_are_refused() {
    stub.tokens().client("bob", "s3cret-of-bob");
    String broken = Base64.getEncoder().encodeToString("bob:100%zz".getBytes(UTF_8));

    TestResponse refused =
        form("/tokens/client", "grant_type=client_credentials", "Authorization", "Basic " + broken);

    assertThat(refused.status()).isEqualTo(401);
  }

  @Test
  void a_secret_has_to_be_the_right_one_and_where_it_is_accepted() {
    stub.tokens().client("bob", "s3cret-of-bob");
    String inBody = "grant_type=client_credentials&client_id=bob&client_secret=s3cret-of-bob";
    assertThat(form("/tokens/client", inBody).status()).isEqualTo(200);
    assertThat(form("/tokens/client", inBody + "x").status()).isEqualTo(401);
    assertThat(form("/tokens/client", inBody.replace("client_cred", "x")).status()).isEqualTo(400);
    stub.tokens().acceptSecretsInBodyOnly();
    assertThat(
            form(
                    "/tokens/client",
                    "grant_type=client_credentials",
                    "Authorization",
                    basic("bob", "s3cret-of-bob"))
                .status())
        .isEqualTo(401);
    stub.tokens().audiences("models");
    assertThat(form("/tokens/client", inBody + "&audience=models").status()).isEqualTo(200);
    assertThat(form("/tokens/client", inBody + "&audience=others").status()).isEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource({
    "iss=carol, 200, ''",
    "iss=dave, 401, the issuer of the assertion",
    "aud=https://elsewhere.example/, 400, audience",
    "exp=-1, 400, short-lived",
    "exp=4000, 400, short-lived",
    "iat=300, 400, short-lived",
    "jti=, 401, no jti"
  })
  void a_statement_is_verified(String change, int status, String why) throws Exception {
    stub.tokens().client("carol", keys.getPublic());
    stub.tokens().clock(clock);
    String[] changed = change.split("=", 2);
    long now = clock.instant().getEpochSecond();
    String claims =
        "{'iss':'%s','sub':'carol','aud':'%s','iat':%d,'exp':%d,'jti':'%s'}"
            .formatted(
                changed[0].equals("iss") ? changed[1] : "carol",
                changed[0].equals("aud") ? changed[1] : stub.baseUrl() + "/tokens/client",
                now + (changed[0].equals("iat") ? Long.parseLong(changed[1]) : 0),
                now + (changed[0].equals("exp") ? Long.parseLong(changed[1]) : 300),
                changed[0].equals("jti") ? changed[1] : "1");
    String body =
        "grant_type=client_credentials&client_assertion_type="
            + "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion="
            + statement(claims);
    TestResponse answer = form("/tokens/client", body);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body().toLowerCase(Locale.ROOT)).contains(why);
    if (status == 200) {
      assertThat(form("/tokens/client", body).body()).contains("used before");
      String forged = body.substring(0, body.length() - 8) + "AAAAAAAA";
      assertThat(form("/tokens/client", forged).body()).contains("Signature");
    }
  }

  @Test
  void a_service_account_gets_a_token_that_lives_as_long_as_its_statement() throws Exception {
    stub.tokens().serviceAccount("sa@p.iam.gserviceaccount.com", keys.getPublic());
    long now = Instant.now().getEpochSecond();
    String claims =
        "{'iss':'sa@p.iam.gserviceaccount.com','scope':'s','aud':'%s','iat':%d,'exp':%d}"
            .formatted(stub.baseUrl() + "/tokens/google", now, now + 600);
    String body =
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="
            + statement(claims);
    assertThat(json(form("/tokens/google", body)).path("expires_in").asInt()).isEqualTo(600);
    assertThat(form("/tokens/google", body.replace("jwt-bearer", "x")).status()).isEqualTo(400);
    stub.tokens().forget();
    assertThat(form("/tokens/google", body).body()).contains("account not found");
  }

  @ParameterizedTest
  @CsvSource({
    "EXPIRED, '\"expires_in\": 0'",
    "YEAR, '\"expires_in\": 31536000'",
    "OTHER_TYPE, '\"mac\"'",
    "PAGE, <html>",
    "SECRET_IN_ERROR, s3cret-of-bob"
  })
  void it_lies_when_told_to(TokenUrls.Lie lie, String shown) {
    stub.tokens().client("bob", "s3cret-of-bob");
    stub.tokens().lie(lie);
    assertThat(
            form(
                    "/tokens/client",
                    "grant_type=client_credentials&client_id=bob&client_secret=s3cret-of-bob")
                .body())
        .contains(shown);
  }
}
