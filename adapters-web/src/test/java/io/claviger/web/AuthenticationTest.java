package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.RejectedTokens;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationTest {
  private static final String UNKNOWN = "clv_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  @AutoClose private final Served served = Served.start();

  @Test
  void without_a_token_one_is_asked_for() {
    TestResponse reply = served.nobody().get("/v1/me").isProblem(401, "unauthorized");
    assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"claviger\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {UNKNOWN, "clv_short", "x", "sk-something-else"})
  void a_bad_token_is_said_to_be_bad(String token) {
    TestResponse reply = served.nobody().with("Authorization", "Bearer " + token).get("/v1/me");
    reply.isProblem(401, "unauthorized");
    assertThat(reply.header("WWW-Authenticate")).contains("error=\"invalid_token\"");
    assertThat(reply.body()).doesNotContain(token + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic cm9vdDpyb290", "Bearer", "Bearer ", "Bearer a b", "Token x", ""})
  void another_scheme_is_no_token(String credentials) {
    TestResponse reply = served.nobody().with("Authorization", credentials).get("/v1/me");
    reply.isProblem(401, "unauthorized");
    assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"claviger\"");
  }

  @Test
  void the_name_of_the_scheme_has_no_case() {
    String token = served.root().post("/v1/users", Map.of("handle", "alice")).text("/access_token");
    served.nobody().with("Authorization", "bEARER " + token).get("/v1/me").isStatus(200);
  }

  /** The server keeps headers that it has seen on a connection, to compare with the next ones. */
  @Test
  void a_token_in_other_letters_is_another_on_the_same_connection_too() {
    String token = served.root().post("/v1/users", Map.of("handle", "dan")).text("/access_token");
    int at = token.length() - 1;
    while (!Character.isLetter(token.charAt(at))) {
      at--;
    }
    String other =
        token.substring(0, at) + (char) (token.charAt(at) ^ ' ') + token.substring(at + 1);
    for (int n = 0; n < 3; n++) {
      served.holding(token).get("/v1/me").isStatus(200);
      served.holding(other).get("/v1/me").isStatus(401);
    }
  }

  @Test
  void two_tokens_at_once_are_none() {
    String token = served.root().post("/v1/users", Map.of("handle", "alice")).text("/access_token");
    served.holding(token).with("Authorization", "Bearer " + token).get("/v1/me").isStatus(401);
  }

  @Test
  void a_revoked_token_is_bad_at_once() {
    Client alice = served.user("alice");
    String id = alice.get("/v1/me").text("/token/id");
    alice.delete("/v1/users/alice/tokens/" + id).isStatus(204);
    alice.get("/v1/me").isStatus(401);
  }

  @Test
  void me_tells_the_caller_and_their_token() {
    Client alice = served.user("alice");
    TestResponse me = alice.get("/v1/me").isStatus(200);
    assertThat(me.text("/handle")).isEqualTo("alice");
    assertThat(me.at("/administrator").booleanValue()).isFalse();
    assertThat(me.text("/token/scope")).isEqualTo("manage");
    assertThat(me.at("/token/project").isNull()).isTrue();
  }

  @Test
  void a_token_of_scope_use_writes_nothing() {
    Client alice = served.user("alice");
    Client use =
        served.holding(
            alice
                .post("/v1/users/alice/tokens", Map.of("name", "gateway", "scope", "use"))
                .text("/token"));
    use.get("/v1/me").isStatus(200);
    use.put("/v1/llm-services/alice/x", Map.of("definition", "_system/openai-large"))
        .isProblem(403, "forbidden");
  }

  @Test
  void who_calls_comes_before_what_is_wrong() {
    served.nobody().post("/v1/users", "not json").isStatus(401);
  }

  @Test
  void the_address_in_the_audit_trail_is_the_connections() {
    served.root().with("X-Forwarded-For", "203.0.113.9").post("/v1/users", Map.of("handle", "bob"));
    assertThat(served.ports().auditEvents()).noneMatch(e -> e.address().equals("203.0.113.9"));
    assertThat(served.ports().auditEvents()).anyMatch(e -> e.address().equals("127.0.0.1"));
  }

  @Test
  void behind_a_trusted_proxy_it_is_the_one_that_the_proxy_names() {
    try (Served behind = Served.start(Served::behindProxy, u -> u)) {
      behind
          .root()
          .with("X-Forwarded-For", "198.51.100.1, 203.0.113.9")
          .post("/v1/users", Map.of("handle", "bob"));
      assertThat(behind.ports().auditEvents()).anyMatch(e -> e.address().equals("203.0.113.9"));
    }
  }

  @Test
  void after_many_bad_tokens_the_next_bad_one_is_told_to_wait_and_a_good_one_passes() {
    Client alice = served.user("alice");
    Client guessing = served.nobody().with("Authorization", "Bearer " + UNKNOWN);
    for (int n = 0; n < RejectedTokens.AT_ONCE; n++) {
      guessing.get("/v1/me").isStatus(401);
    }
    TestResponse reply = guessing.get("/v1/me").isProblem(429, "too_many_bad_tokens");
    assertThat(Integer.parseInt(reply.header("Retry-After"))).isBetween(1, 60);
    served.nobody().get("/v1/me").isProblem(401, "unauthorized");
    alice.get("/v1/me").isStatus(200);
  }

  @Test
  void behind_a_trusted_proxy_each_caller_has_their_own_failures() {
    try (Served behind = Served.start(Served::behindProxy, u -> u)) {
      Client guessing =
          behind
              .nobody()
              .with("Authorization", "Bearer " + UNKNOWN)
              .with("X-Forwarded-For", "203.0.113.9");
      for (int n = 0; n < RejectedTokens.AT_ONCE; n++) {
        guessing.get("/v1/me").isStatus(401);
      }
      guessing.get("/v1/me").isStatus(429);
      behind
          .nobody()
          .with("Authorization", "Bearer " + UNKNOWN)
          .with("X-Forwarded-For", "203.0.113.10")
          .get("/v1/me")
          .isStatus(401);
    }
  }
}
