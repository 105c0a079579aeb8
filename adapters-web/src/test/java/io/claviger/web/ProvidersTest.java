package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.definitions.Provider;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ProvidersTest {
  private static final String HOUSE = "/v1/providers/house";
  private static final Map<String, Object> LIMIT =
      Map.of(
          "limit", "tokens_per_minute",
          "window", "minute",
          "notation", "seconds",
          "most", "x-ratelimit-limit-tokens",
          "remaining", "x-ratelimit-remaining-tokens",
          "reset", "x-ratelimit-reset-tokens");
  private static final Map<String, Object> WHOLE =
      Map.of(
          "format", "openai",
          "api_standard", "none",
          "endpoint", "https://llm.example.org/v1",
          "price_list", "house_ai",
          "limits", List.of(LIMIT),
          "adds", List.of("prompt_cache_key", "chat_store"),
          "traits", List.of("streams_asked"));

  @AutoClose private final Served served = Served.start();
  private final Client root = served.root();
  private final Client alice = served.user("alice");

  @Test
  void everybody_reads_the_known_ones() {
    TestResponse providers = alice.get("/v1/providers");
    assertThat(providers.at("/items").size()).isEqualTo(Provider.known().size());
    TestResponse azure = alice.get("/v1/providers/azure");
    assertThat(azure.text("/api_standard")).isEqualTo("azure-openai");
    assertThat(azure.at("/endpoint").isNull()).isTrue();
    assertThat(azure.at("/defined").asBoolean()).isFalse();
    assertThat(azure.text("/limits/0/most")).isEqualTo("x-ratelimit-limit-tokens");
  }

  @Test
  void what_is_shown_of_any_provider_can_be_sent_back() {
    for (Provider provider : Provider.known()) {
      String path = "/v1/providers/" + provider.wireName();
      TestResponse again = root.put(path, alice.get(path).body()).isStatus(200);
      assertThat(again.at("/limits")).isEqualTo(alice.get(path).at("/limits"));
      assertThat(again.at("/traits")).isEqualTo(alice.get(path).at("/traits"));
      assertThat(again.at("/defined").asBoolean()).isTrue();
      root.delete(path).isStatus(204);
      root.delete(path).isProblem(409, "built_in");
    }
  }

  @Test
  void settings_of_a_service_make_its_endpoint_when_they_are_written() {
    String mine = "/v1/llm-services/alice/s";
    Map<String, Object> cloud =
        Map.of(
            "format", "openai",
            "endpoint", "https://{region}.models.example.org/{project}/v1",
            "settings",
                List.of(
                    Map.of("name", "region", "kind", "label", "longest", 20),
                    Map.of("name", "project", "kind", "segment", "longest", 40)));
    root.put(HOUSE, cloud).isStatus(201);
    root.put(HOUSE, alice.get(HOUSE).body()).isStatus(200);
    alice
        .put(mine, Map.of("provider", "house", "model", "m"))
        .hasFaults("/settings/region required", "/settings/project required");
    alice
        .put(mine, ofHouse(Map.of("region", "evil.example", "project", "p", "host", "h")))
        .hasFaults("/settings/region invalid_value", "/settings/host not_allowed");

    TestResponse made = alice.put(mine, ofHouse(Map.of("region", "eu", "project", "p")));
    made.isStatus(201);
    assertThat(made.text("/endpoint")).isEqualTo("https://eu.models.example.org/p/v1");

    root.put(HOUSE, Map.of("format", "openai", "endpoint", "https://thief.example.org/v1"))
        .isStatus(200);
    alice.put(mine, made.body()).isStatus(200);
    TestResponse kept = alice.patch(mine, Map.of("note", "ours")).isStatus(200);
    assertThat(kept.text("/endpoint")).isEqualTo("https://eu.models.example.org/p/v1");
    assertThat(kept.text("/settings/region")).isEqualTo("eu");
    alice
        .patch(mine, Map.of("settings", Map.of("region", "us")))
        .hasFaults("/settings not_allowed");

    root.put(HOUSE, cloud).isStatus(200);
    TestResponse moved =
        alice.patch(mine, Map.of("settings", Map.of("region", "us", "project", "p")));
    assertThat(moved.isStatus(200).text("/endpoint"))
        .isEqualTo("https://us.models.example.org/p/v1");
    alice
        .patch(mine, Map.of("endpoint", "https://other.example/v1"))
        .hasFaults("/settings required");
    alice.patch(mine, Map.of("provider", "openai")).hasFaults("/settings required");
    TestResponse plain =
        alice.patch(mine, Map.of("settings", Map.of(), "endpoint", "https://other.example/v1"));
    assertThat(plain.isStatus(200).text("/endpoint")).isEqualTo("https://other.example/v1");
  }

  @Test
  void settings_in_query_and_headers_are_as_the_row_said_when_the_service_was_written() {
    String mine = "/v1/llm-services/alice/s";
    Map<String, Object> version = new HashMap<>();
    version.put("name", "api_version");
    version.put("kind", "query");
    version.put("longest", 20);
    version.put("as", "api-version");
    version.put("pattern", "[0-9]{4}-[0-9]{2}-[0-9]{2}[a-z-]*");
    Map<String, Object> team =
        Map.of("name", "team", "kind", "header", "longest", 40, "as", "X-Team");
    Map<String, Object> row =
        Map.of(
            "format", "openai",
            "endpoint", "https://models.example.org/v1",
            "settings", List.of(version, team));
    TestResponse saved = root.put(HOUSE, row).isStatus(201);
    assertThat(saved.text("/settings/0/pattern")).isEqualTo("[0-9]{4}-[0-9]{2}-[0-9]{2}[a-z-]*");
    root.put(HOUSE, saved.body()).isStatus(200);

    alice
        .put(mine, ofHouse(Map.of("api_version", "latest", "team", "a\r\nHost: b")))
        .hasFaults("/settings invalid_value");
    alice
        .put(mine, ofHouse(Map.of("api_version", "latest", "team", "t")))
        .hasFaults("/settings/api_version invalid_value");
    Map<String, Object> good =
        Map.of(
            "provider", "house",
            "model", "m",
            "endpoint", "https://models.example.org/v1",
            "api_key", "sk-0123456789",
            "settings", Map.of("api_version", "2024-10-21", "team", "Ours & co"));
    alice.put(mine, good).isStatus(201);
    assertThat(alice.get(mine).at("/sent_settings"))
        .hasToString(
            "[{\"in\":\"query\",\"name\":\"api-version\",\"value\":\"2024-10-21\"},"
                + "{\"in\":\"header\",\"name\":\"X-Team\",\"value\":\"Ours & co\"}]");

    version.put("as", "redirect_to");
    root.put(
            HOUSE,
            Map.of(
                "format",
                "openai",
                "endpoint",
                "https://models.example.org/v1",
                "settings",
                List.of(version, team)))
        .isStatus(200);
    TestResponse kept = alice.patch(mine, Map.of("note", "ours")).isStatus(200);
    assertThat(kept.text("/sent_settings/0/name")).isEqualTo("api-version");
    assertThat(kept.at("/has_api_key").booleanValue()).isTrue();
    alice
        .patch(mine, Map.of("settings", Map.of("api_version", "2025-01-01", "team", "Ours & co")))
        .isProblem(409, "key_bound_to_destination");

    Map<String, Object> carrier =
        Map.of("name", "k", "kind", "header", "longest", 40, "as", "X-API-Key");
    root.put(
            HOUSE,
            Map.of(
                "format", "anthropic",
                "endpoint", "https://models.example.org",
                "settings", List.of(carrier)))
        .isStatus(200);
    alice
        .put(
            "/v1/llm-services/alice/t",
            Map.of("provider", "house", "model", "m", "settings", Map.of("k", "v")))
        .hasFaults("/settings not_allowed");
  }

  @Test
  void a_key_does_not_follow_other_settings() {
    String mine = "/v1/llm-services/alice/s";
    String moved = "https://us.models.example.org/v1";
    root.put(
            HOUSE,
            Map.of(
                "format", "openai",
                "endpoint", "https://{region}.models.example.org/v1",
                "settings", List.of(Map.of("name", "region", "kind", "label", "longest", 20))))
        .isStatus(201);
    Map<String, Object> eu =
        Map.of("provider", "house", "model", "m", "settings", Map.of("region", "eu"));
    Map<String, Object> us = Map.of("settings", Map.of("region", "us"));
    Map<String, Object> again = new HashMap<>(us);
    alice.put(mine, eu).isStatus(201);
    alice
        .patch(
            mine,
            Map.of("api_key", "sk-0123456789", "endpoint", "https://eu.models.example.org/v1"))
        .isStatus(200);

    alice.patch(mine, us).isProblem(409, "key_bound_to_destination");
    assertThat(alice.get(mine).text("/endpoint")).isEqualTo("https://eu.models.example.org/v1");

    again.put("api_key", "sk-0123456789");
    again.put("endpoint", "https://eu.models.example.org/v1");
    alice.patch(mine, again).hasFaults("/endpoint not_allowed");
    again.remove("endpoint");

    again.put("api_key", null);
    TestResponse without = alice.patch(mine, again).isStatus(200);
    assertThat(without.at("/has_api_key").booleanValue()).isFalse();
    assertThat(without.text("/endpoint")).isEqualTo(moved);
    again.put("api_key", "sk-0123456789");
    again.put("endpoint", moved);
    assertThat(alice.patch(mine, again).isStatus(200).at("/has_api_key").booleanValue()).isTrue();
  }

  @Test
  void services_of_a_defined_provider_have_its_standard_and_endpoint() {
    root.put(HOUSE, WHOLE).isStatus(201);
    TestResponse made =
        alice.put("/v1/llm-services/alice/s", Map.of("provider", "house", "model", "m"));
    made.isStatus(201);
    assertThat(made.text("/provider")).isEqualTo("house");
    assertThat(made.text("/api_standard")).isEqualTo("none");
    assertThat(made.text("/endpoint")).isEqualTo("https://llm.example.org/v1");

    root.put(HOUSE, Map.of("format", "openai", "endpoint", "https://other.example.org/v1"))
        .isStatus(200);
    assertThat(alice.get("/v1/llm-services/alice/s").text("/endpoint"))
        .isEqualTo("https://llm.example.org/v1");
    root.delete(HOUSE).isProblem(409, "in_use");
    alice.delete("/v1/llm-services/alice/s").isStatus(204);
    root.delete(HOUSE).isStatus(204);
    alice.get(HOUSE).isStatus(404);
  }

  @Test
  void a_provider_that_is_not_listed_is_unknown_everywhere() {
    Map<String, Object> body =
        Map.of("provider", "house", "model", "m", "endpoint", "https://llm.example.org/v1");
    alice.put("/v1/llm-services/alice/s", body).hasFaults("/provider unknown_reference");
    alice.put("/v1/llm-definitions/alice/d", body).hasFaults("/provider unknown_reference");
    alice.put("/v1/llm-services/alice/s", Map.of("provider", "openai", "model", "m")).isStatus(201);
    alice
        .patch("/v1/llm-services/alice/s", Map.of("provider", "house"))
        .hasFaults("/provider unknown_reference");
    root.post("/v1/model-configs", Map.of("provider", "house", "display_name", "M", "model", "m"))
        .hasFaults("/provider unknown_reference");
    root.put(
            "/v1/prices/house?model=m",
            Map.of("valid_from", "2026-01-01", "input", "1", "output", "1"))
        .isProblem(404, "not_found");
    assertThat(alice.get("/v1/llm-services?provider=house").at("/items").size()).isZero();
  }

  @Test
  void faults_are_found_where_they_stand() {
    root.put(
            HOUSE,
            Map.of(
                "format", "soap",
                "endpoint", "file:///etc/passwd",
                "limits", List.of(Map.of("limit", "requests_per_year", "most", "x-quota")),
                "adds", List.of("user_agent"),
                "traits", List.of("ids_have_form")))
        .hasFaults(
            "/format invalid_value",
            "/endpoint invalid_value",
            "/limits/0/limit invalid_value",
            "/limits/0/window required",
            "/limits/0/notation required",
            "/limits/0/remaining required",
            "/limits/0/reset required",
            "/adds/0 invalid_value",
            "/traits/0 invalid_value");
    root.put(HOUSE, Map.of()).hasFaults("/format required");
    root.put(HOUSE, Map.of("format", "openai", "limits", List.of(LIMIT, LIMIT)))
        .hasFaults("/limits invalid_value");
    root.put(HOUSE, Map.of("format", "openai", "price_list", "a b"))
        .hasFaults("/price_list invalid_value");
    root.put(HOUSE, Map.of("format", "openai", "adds", List.of("user")))
        .hasFaults("/adds/0 invalid_value");
    root.put(HOUSE, Map.of("format", "openai", "api_standard", "missing"))
        .hasFaults("/api_standard unknown_reference");
    root.put(HOUSE, Map.of("format", "openai", "api_standard", "anthropic"))
        .hasFaults("/api_standard not_allowed");
  }

  @Test
  void limits_are_read_only_from_headers_that_borrowers_never_see() {
    for (String header : List.of("content-type", "set-cookie", "x-house", "X-RateLimit-Limit")) {
      Map<String, Object> limit = new HashMap<>(LIMIT);
      limit.put("most", header);
      root.put(HOUSE, Map.of("format", "openai", "limits", List.of(limit)))
          .hasFaults("/limits invalid_value");
    }
  }

  @Test
  void a_name_outside_its_rule_is_refused() {
    for (String name : List.of("HOUSE", "_system", "a.b", "a--b", "claude", "gemini")) {
      root.put("/v1/providers/" + name, Map.of("format", "openai")).isStatus(422);
    }
  }

  @Test
  void only_administrators_write_and_only_on_what_they_saw() {
    alice.put(HOUSE, WHOLE).isProblem(403, "forbidden");
    alice.delete("/v1/providers/openai").isProblem(403, "forbidden");
    root.put(HOUSE, WHOLE).isStatus(201);
    root.put(HOUSE, Map.of("format", "openai", "version", 7)).isProblem(412, "precondition_failed");
  }

  @Test
  void there_are_at_most_200() {
    int known = Provider.known().size();
    for (int i = known; i < 200; i++) {
      root.put("/v1/providers/p-" + i, Map.of("format", "openai")).isStatus(201);
    }
    root.put(HOUSE, WHOLE).isProblem(409, "too_many_providers");
    root.put("/v1/providers/p-199", WHOLE).isStatus(200);
  }

  /** A service of the provider that the tests define. */
  private static Map<String, Object> ofHouse(Map<String, Object> settings) {
    return Map.of("provider", "house", "model", "m", "settings", settings);
  }
}
