package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserKeysTest {
  private static final String SERVICE = "/v1/llm-services/alice/x";
  private static final String MINE = SERVICE + "/user-key";
  private static final String ENDPOINT = "https://api.openai.com/v1";
  private static final Map<String, Object> KEY =
      Map.of("api_key", "sk-users-own-key", "endpoint", ENDPOINT);
  @AutoClose private final Served served = Served.start();
  private final Client root = served.root();
  private final Client alice =
      served.user("alice").owning(SERVICE, Map.of("key_policy", Map.of("user_keys", true)));
  private final Client bob = served.user("bob");
  private final Client carol = served.user("carol");

  @BeforeEach
  void start() {
    alice.put(SERVICE + "/shares/bob", Map.of("role", "reader")).isStatus(201);
  }

  @Test
  void there_is_none_at_first() {
    assertThat(bob.get(MINE).isStatus(200).body())
        .isEqualTo("{\"has_user_key\":false,\"set_at\":null}");
  }

  @Test
  void a_key_is_stored_and_then_replaced() {
    TestResponse first = bob.put(MINE, KEY).isStatus(201);
    assertThat(first.header("Location")).isEqualTo(MINE);
    assertThat(first.at("/has_user_key").booleanValue()).isTrue();
    bob.put(MINE, KEY).isStatus(200);
    assertThat(bob.get(MINE).json()).isEqualTo(first.json());
    assertThat(bob.get(MINE).headers().map()).doesNotContainKey("ETag");
  }

  @Test
  void post_does_what_put_does() {
    bob.post(MINE, KEY).isStatus(201);
    bob.post(MINE, KEY).isStatus(200);
  }

  @Test
  void a_stored_key_is_what_the_callers_calls_use() {
    assertThat(bob.get(SERVICE).at("/has_effective_api_key").booleanValue()).isFalse();
    bob.put(MINE, KEY);
    assertThat(bob.get(SERVICE).at("/has_effective_api_key").booleanValue()).isTrue();
    assertThat(alice.get(SERVICE).at("/has_effective_api_key").booleanValue()).isFalse();
  }

  @Test
  void a_service_says_whether_its_viewer_has_a_key() {
    bob.put(MINE, KEY);
    assertThat(bob.get(SERVICE).at("/has_user_key").booleanValue()).isTrue();
    assertThat(bob.get("/v1/llm-services/bob").at("/items").findValues("has_user_key").toString())
        .contains("true");
    assertThat(alice.get(SERVICE).at("/has_user_key").booleanValue()).isFalse();
    assertThat(root.get(SERVICE).at("/has_user_key").booleanValue()).isFalse();
    assertThat(root.get("/v1/llm-services/bob").body()).doesNotContain("\"has_user_key\":true");
    alice.patch(SERVICE, Map.of("has_user_key", true)).hasReadOnly("has_user_key");
  }

  @Test
  void own_keys_are_listed_for_their_user_alone() {
    String own = "/v1/me/user-keys";
    bob.put(MINE, KEY).isStatus(201);
    alice.put(MINE, KEY).isStatus(201);
    assertThat(bob.get(own).isStatus(200).items("service")).containsExactly("alice/x");
    assertThat(carol.get(own).items("service")).isEmpty();
    assertThat(root.get(own).items("service")).isEmpty();
    assertThat(root.get(own + "?user=bob").status()).isNotEqualTo(200);
    assertThat(bob.get(own).at("/items/0/set_at")).isEqualTo(bob.get(MINE).at("/set_at"));

    alice.delete(SERVICE + "/shares/bob").isStatus(204);
    assertThat(bob.get(own).items("service")).containsExactly("alice/x");
    bob.delete(MINE).isStatus(204);
    assertThat(bob.get(own).items("service")).isEmpty();
  }

  @Test
  void own_keys_are_listed_in_pages_and_within_the_restriction_of_a_token() {
    Map<String, Object> service =
        Map.of("definition", "_system/openai-large", "key_policy", Map.of("user_keys", true));
    bob.put("/v1/llm-services/bob/z", service).isStatus(201);
    bob.put(MINE, KEY).isStatus(201);
    bob.put("/v1/llm-services/bob/z/user-key", KEY).isStatus(201);
    TestResponse first = bob.get("/v1/me/user-keys?limit=1");
    assertThat(first.items("service")).containsExactly("alice/x");
    assertThat(
            bob.get("/v1/me/user-keys?limit=1&cursor=" + first.text("/next_cursor"))
                .items("service"))
        .containsExactly("bob/z");
    assertThat(
            using(Map.of("name", "n", "service", "bob/z")).get("/v1/me/user-keys").items("service"))
        .containsExactly("bob/z");
  }

  @Test
  void nobody_else_is_told() {
    bob.put(MINE, KEY);
    assertThat(alice.get(MINE).at("/has_user_key").booleanValue()).isFalse();
    root.get(MINE).isProblem(403, "forbidden");
    carol.get(MINE).isProblem(404, "not_found");
  }

  @Test
  void a_key_is_deleted_and_that_twice() {
    bob.put(MINE, KEY);
    bob.delete(MINE).isStatus(204);
    bob.delete(MINE).isStatus(204);
    assertThat(bob.get(MINE).at("/has_user_key").booleanValue()).isFalse();
  }

  @Test
  void who_lost_the_service_still_takes_their_key_away() {
    bob.put(MINE, KEY);
    alice.delete(SERVICE + "/shares/bob").isStatus(204);
    bob.delete(MINE).isStatus(204);
    bob.delete(MINE).isProblem(404, "not_found");
  }

  @Test
  void only_users_of_the_service_have_keys_there() {
    carol.put(MINE, KEY).isProblem(404, "not_found");
    carol.delete(MINE).isProblem(404, "not_found");
    root.put(MINE, KEY).isProblem(403, "forbidden");
    root.delete(MINE).isProblem(403, "forbidden");
    bob.put("/v1/llm-services/alice/none/user-key", KEY).isProblem(404, "not_found");
    bob.put("/v1/llm-services/ALICE/x/user-key", KEY).isProblem(404, "not_found");
    bob.put("/v1/llm-services/alice/_system/user-key", KEY).isProblem(404, "not_found");
  }

  @Test
  void both_fields_must_be_there() {
    bob.put(MINE, Map.of()).hasFaults("/api_key required", "/endpoint required");
    bob.put(MINE, Map.of("api_key", "sk-users-own-key")).hasFaults("/endpoint required");
    bob.put(MINE, "{\"api_key\":null,\"endpoint\":null}")
        .hasFaults("/api_key not_nullable", "/endpoint not_nullable");
  }

  @Test
  void no_other_field_is_known() {
    bob.put(
            MINE,
            "{\"api_key\":\"sk-users-own-key\",\"endpoint\":\""
                + ENDPOINT
                + "\",\"endpoint\":\"x\",\"has_user_key\":true,\"version\":1}")
        .hasFaults(
            "/endpoint duplicate_field", "/has_user_key unknown_field", "/version unknown_field");
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "true", "[]", "{}", "[\"sk-users-own-key\"]"})
  void a_key_is_a_string(String key) {
    bob.put(MINE, "{\"api_key\":" + key + ",\"endpoint\":\"" + ENDPOINT + "\"}")
        .hasFaults("/api_key wrong_type");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sk-shor", "with blank inside", "käsekuchen"})
  void a_key_is_held_to_its_bounds(String key) {
    bob.put(MINE, Map.of("api_key", key, "endpoint", ENDPOINT)).hasFaults("/api_key invalid_value");
  }

  @Test
  void a_key_has_at_most_10240_characters_white_space_aside() {
    bob.put(MINE, Map.of("api_key", "k".repeat(10_241), "endpoint", ENDPOINT))
        .hasFaults("/api_key invalid_value");
    bob.put(MINE, Map.of("api_key", " " + "k".repeat(10_240) + "\n", "endpoint", ENDPOINT))
        .isStatus(201);
  }

  @Test
  void an_endpoint_is_an_absolute_url() {
    bob.put(MINE, Map.of("api_key", "sk-users-own-key", "endpoint", "api.openai.com"))
        .hasFaults("/endpoint invalid_value");
    bob.put(MINE, Map.of("api_key", "sk-users-own-key", "endpoint", 1))
        .hasFaults("/endpoint wrong_type");
  }

  @Test
  void an_endpoint_is_compared_in_its_normal_form() {
    bob.put(
            MINE,
            Map.of("api_key", "sk-users-own-key", "endpoint", "HTTPS://API.openai.com:443/v1/"))
        .isStatus(201);
  }

  @Test
  void a_key_for_another_endpoint_is_not_stored() {
    bob.put(MINE, Map.of("api_key", "sk-users-own-key", "endpoint", "https://evil.example/v1"))
        .isProblem(409, "destination_differs");
    assertThat(bob.get(MINE).at("/has_user_key").booleanValue()).isFalse();
  }

  @Test
  void a_service_that_takes_no_users_keys_says_so() {
    alice.patch(SERVICE, Map.of("key_policy", Map.of("user_keys", false), "enabled", false));
    bob.put(MINE, KEY).hasFaults("/api_key user_keys_off", "/api_key service_disabled");
    alice.put("/v1/llm-services/alice/box", Map.of("provider", "ollama", "model", "m"));
    alice
        .put(
            "/v1/llm-services/alice/box/user-key",
            Map.of("api_key", "sk-users-own-key", "endpoint", "http://localhost:11434/v1"))
        .hasFaults("/api_key not_allowed");
  }

  @Test
  void what_has_no_version_takes_no_condition() {
    bob.with("If-Match", "\"7\"").put(MINE, KEY).isStatus(201);
    bob.with("If-None-Match", "*").put(MINE, KEY).isStatus(200);
    bob.with("If-None-Match", "*").get(MINE).isStatus(200);
  }

  @Test
  void other_media_types_are_415() {
    bob.with("Content-Type", "text/plain")
        .send("PUT", MINE, BodyPublishers.ofString("{}"))
        .isProblem(415, "unsupported_media_type");
  }

  @Test
  void a_token_of_scope_use_sees_it_and_writes_nothing() {
    Client using = using(Map.of("name", "n", "scope", "use"));
    using.get(MINE).isStatus(200);
    using.put(MINE, KEY).isProblem(403, "forbidden");
    using.delete(MINE).isProblem(403, "forbidden");
  }

  @Test
  void a_restricted_token_sees_that_of_its_own_service() {
    alice.put("/v1/llm-services/alice/y", Map.of("definition", "_system/openai-large"));
    alice.put("/v1/llm-services/alice/y/shares/bob", Map.of("role", "reader"));
    Client using = using(Map.of("name", "n", "service", "alice/x"));
    using.get(MINE).isStatus(200);
    using.get("/v1/llm-services/alice/y/user-key").isProblem(404, "not_found");
  }

  @Test
  void moving_the_service_removes_them_and_counts() {
    bob.put(MINE, KEY);
    alice.put(MINE, KEY);
    TestResponse described = alice.patch(SERVICE, Map.of("description", "d")).isStatus(200);
    assertThat(described.json().has("user_keys_removed")).isFalse();
    TestResponse moved =
        alice.patch(SERVICE, Map.of("endpoint", "https://eu.example/v1")).isStatus(200);
    assertThat(moved.at("/user_keys_removed").intValue()).isEqualTo(2);
    assertThat(bob.get(MINE).at("/has_user_key").booleanValue()).isFalse();
    TestResponse again = alice.patch(SERVICE, Map.of("organization", "org-1")).isStatus(200);
    assertThat(again.at("/user_keys_removed").intValue()).isZero();
    assertThat(alice.get(SERVICE).json().has("user_keys_removed")).isFalse();
  }

  @Test
  void the_answer_of_a_write_that_moved_can_be_sent_back() {
    String moved = alice.patch(SERVICE, Map.of("endpoint", "https://eu.example/v1")).body();
    assertThat(moved).contains("\"user_keys_removed\":0");
    alice.put(SERVICE, moved).isStatus(200);
  }

  @Test
  void a_service_just_registered_removed_none() {
    TestResponse created =
        alice.put("/v1/llm-services/alice/y", Map.of("definition", "_system/openai-large"));
    assertThat(created.isStatus(201).json().has("user_keys_removed")).isFalse();
  }

  private Client using(Map<String, Object> token) {
    return served.holding(bob.post("/v1/users/bob/tokens", token).isStatus(201).text("/token"));
  }
}
