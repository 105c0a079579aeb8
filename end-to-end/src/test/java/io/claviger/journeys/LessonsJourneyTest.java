package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes of other systems that no test of a single part tries. See docs/lessons.md. */
class LessonsJourneyTest extends AliceAndBob {
  private static final List<String> OPEN_TO_ALL =
      List.of(
          "/v1",
          "/health/live",
          "/health/ready",
          "/metrics",
          "/openapi.yaml",
          "/docs",
          "/",
          "/.well-known/oauth-authorization-server",
          "/.well-known/openid-configuration",
          "/oauth/keys",
          "/device");

  /** Operations with which Bob changes the presented token itself. */
  private static final String OWN_TOKEN = "/v1/me/token";

  @BeforeEach
  void callOnce() {
    journey.service(alice, "alice/mine");
    alice.embed("alice/mine").isStatus(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "' or '1'='1",
        "x'; drop table users; --",
        "clv_' union select token_hash from access_tokens--",
        "%27%20or%201%3D1",
        "*",
      })
  void a_token_or_a_filter_that_is_sql_finds_nobody_and_breaks_nothing(String sql) {
    alice.holding(sql).get("/v1/me").isStatus(401);
    alice.holding(sql).models("alice/mine").isStatus(401);
    String encoded = URLEncoder.encode(sql, StandardCharsets.UTF_8);
    for (String path :
        List.of("/v1/llm-services/bob?q=", "/v1/llm-services/bob?owner=", "/v1/users/")) {
      TestResponse reply = bob.get(path + encoded);
      assertThat(reply.status()).as(path).isLessThan(500);
      assertThat(reply.body()).doesNotContain("alice");
    }
    alice.embed("alice/mine").isStatus(200);
  }

  /** Caches use the hash of the whole token. */
  @Test
  void a_token_that_shares_all_but_its_end_with_one_in_use_is_nobodys() {
    String token = alice.token();
    for (int shared : new int[] {20, 32, token.length() - 1}) {
      String end = token.charAt(token.length() - 1) == 'a' ? "b" : "a";
      String forged = token.substring(0, shared) + end.repeat(token.length() - shared);
      alice.holding(forged).models("alice/mine").isStatus(401);
      alice.holding(forged).get("/v1/me").isStatus(401);
    }
    alice.holding(token.substring(0, 20)).models("alice/mine").isStatus(401);
    alice.holding(token + "a").models("alice/mine").isStatus(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-User: root",
        "X-Remote-User: root",
        "X-Claviger-User: root",
        "X-Claviger-Administrator: true",
        "X-Original-URL: /v1/me",
        "X-HTTP-Method-Override: GET",
        "Cookie: user=root; role=admin",
      })
  void no_header_makes_anybody_an_administrator(String header) {
    String[] parts = header.split(": ");
    assertThat(answer("GET", "/v1/users", bob.token(), parts).status()).isEqualTo(403);
    assertThat(answer("GET", "/v1/users", "", parts).status()).isEqualTo(401);
    assertThat(answer("GET", "/v1/llm-services/alice", bob.token(), parts).status()).isIn(403, 404);
  }

  @Test
  void a_role_is_not_given_to_oneself() {
    bob.patch("/v1/users/bob", Map.of("administrator", true)).isStatus(403);
    assertThat(bob.share("alice/mine", "bob", "owner").status()).isEqualTo(404);
    bob.get("/v1/users").isStatus(403);
  }

  /** Every operation of the contract, on Alice's resources. */
  @Test
  void no_route_serves_a_stranger_or_somebody_without_a_token() {
    List<Route> routes = Route.all(alice);
    assertThat(routes).hasSizeGreaterThan(60);
    for (Route route : routes) {
      String path = route.atAlices();
      int anonymous = answer(route.method(), path, "").status();
      assertThat(anonymous).as("without a token: %s", route).isIn(answersToAnybody(path));
      if (path.equals(OWN_TOKEN)) {
        continue;
      }
      TestResponse strange = answer(route.method(), path, bob.token());
      if (!path.equals("/v1/audit-events")) { // which tells bob of what bob tried
        assertThat(strange.body())
            .as("a stranger: %s", route)
            .doesNotContain("\"ref\":\"alice/mine\"");
      }
      if (path.contains("alice") && strange.status() < 300) {
        assertThat(strange.body()).as("a stranger: %s", route).contains("\"items\":[]");
      }
    }
    alice.embed("alice/mine").isStatus(200);
  }

  private static List<Integer> answersToAnybody(String path) {
    if (path.startsWith("/oauth/") && !OPEN_TO_ALL.contains(path)) {
      return List.of(400, 415);
    }
    if (path.equals("/v1/tokens/_leaked")) { // open to whoever found a token, which {} has not
      return List.of(422);
    }
    return OPEN_TO_ALL.contains(path) || path.startsWith("/docs")
        ? List.of(200, 302, 303, 404)
        : List.of(401);
  }

  /** No page shows even a part of a key, because a part could identify the key. */
  @Test
  void no_page_shows_a_few_characters_of_a_key() {
    String key = "Zq7XhB" + "mm0".repeat(9) + "Wk4TyP";
    alice
        .patch(
            "/v1/llm-services/alice/mine", Map.of("endpoint", journey.endpoint(), "api_key", key))
        .isStatus(200);
    for (String path :
        List.of(
            "/v1/llm-services/alice",
            "/v1/llm-services/alice/mine",
            "/v1/llm-services/alice/mine/key-resolution",
            "/v1/models",
            "/v1/usage")) {
      String body = alice.get(path).isStatus(200).body().toLowerCase(Locale.ROOT);
      assertThat(body).as(path).doesNotContain("zq7x", "4typ", "mm0mm0");
    }
  }

  private TestResponse answer(String method, String path, String token, String... headers) {
    TestClient client = TestClient.of(alice.api()).with("Content-Type", "application/json");
    if (!token.isEmpty()) {
      client = client.withToken(token);
    }
    boolean bodiless = method.equals("GET") || method.equals("DELETE");
    return client.send(
        method, path, bodiless ? BodyPublishers.noBody() : BodyPublishers.ofString("{}"), headers);
  }
}
