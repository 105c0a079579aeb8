package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** API keys and custom headers of services over HTTP. */
class ServiceSecretsTest {
  private static final String MINE = "/v1/llm-services/alice/my-openai";

  private static final Map<String, Object> FROM_DEFINITION =
      Map.of("definition", "_system/openai-large");
  @AutoClose private final Served served = Served.start();
  private final Client root = served.root();
  private final Client alice = served.user("alice");
  private final Client bob = served.user("bob");

  @Test
  void a_replacement_keeps_the_secrets_and_takes_defaults_for_the_rest() {
    alice.put(
        MINE,
        Map.of("definition", "_system/openai-large", "api_key", "sk-0123456789", "timeout_ms", 7));
    TestResponse replaced = alice.put(MINE, FROM_DEFINITION).isStatus(200);
    assertThat(replaced.at("/timeout_ms").intValue()).isEqualTo(600_000);
    assertThat(replaced.at("/has_api_key").booleanValue()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "       ", "short", "with blank inside", "käsekuchen", "tab\\tinside"})
  void a_key_outside_its_rule_is_422(String key) {
    alice
        .put(MINE, "{\"definition\":\"_system/openai-large\",\"api_key\":\"" + key + "\"}")
        .hasFaults("/api_key invalid_value");
  }

  @Test
  void a_key_of_nearly_a_megabyte_is_422() {
    alice
        .put(MINE, Map.of("definition", "_system/openai-large", "api_key", "k".repeat(1_000_000)))
        .hasFaults("/api_key invalid_value");
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "true", "[]", "{}", "[\"sk-0123456789\"]"})
  void a_key_is_a_string(String key) {
    alice.put(MINE, "{\"api_key\":" + key + "}").hasFaults("/api_key wrong_type");
  }

  /** Each call that runs keeps them in memory, and searches its answer for them. */
  @Test
  void all_custom_headers_together_have_a_bound() {
    Map<String, String> most = Map.of("X-A", "a".repeat(4_096), "X-B", "b".repeat(4_090));
    alice
        .put(MINE, Map.of("definition", "_system/openai-large", "custom_headers", most))
        .isStatus(201);
    Map<String, String> more = Map.of("X-A", "a".repeat(4_096), "X-B", "b".repeat(4_091));

    alice.patch(MINE, Map.of("custom_headers", more)).hasFaults("/custom_headers invalid_value");
  }

  @Test
  void custom_headers_are_held_to_their_rules() {
    alice
        .put(
            MINE,
            "{\"custom_headers\":{\"Authorization\":\"x\",\"X Y\":\"x\",\"X-A\":\"\",\"X-B\":\"a\\n"
                + "b\",\"X-~\":\"\",\"X-C\":null}}")
        .hasFaults(
            "/custom_headers/Authorization invalid_value",
            "/custom_headers/X Y invalid_value",
            "/custom_headers/X-A invalid_value",
            "/custom_headers/X-B invalid_value",
            "/custom_headers/X-~0 invalid_value",
            "/custom_headers/X-C wrong_type");
    alice
        .put(MINE, "{\"custom_headers\":{\"X-A\":\"x\",\"x-a\":\"y\"}}")
        .hasFaults("/custom_headers invalid_value");
    Map<String, String> many = new HashMap<>();
    for (int i = 0; i < 33; i++) {
      many.put("X-" + i, "v");
    }
    alice.put(MINE, Map.of("custom_headers", many)).hasFaults("/custom_headers invalid_value");
  }

  @Test
  void a_key_stays_bound_to_its_destination() {
    alice.put(MINE, Map.of("definition", "_system/openai-large", "api_key", "sk-0123456789"));
    alice
        .patch(MINE, Map.of("endpoint", "https://elsewhere.example"))
        .isProblem(409, "key_bound_to_destination");
  }

  /** A proxy behind the endpoint may send the key wherever a header says. */
  @Test
  void a_key_does_not_go_with_headers_that_are_written_without_it() {
    String endpoint = "https://proxy.example/v1";
    Map<String, Object> headers = Map.of("x-portkey-custom-host", "https://evil.example/v1");
    Map<String, Object> steering =
        Map.of(
            "provider",
            "openai-compat",
            "model",
            "m",
            "endpoint",
            endpoint,
            "custom_headers",
            headers);
    Map<String, Object> keyed = new HashMap<>(steering);
    keyed.put("custom_headers", Map.of());
    keyed.put("api_key", "sk-0123456789");
    alice.put(MINE, keyed).isStatus(201);
    alice.put(MINE + "/shares/bob", Map.of("role", "owner")).isStatus(201);
    root.put("/v1/llm-services/_system/shared", keyed).isStatus(201);

    for (Client owner : List.of(alice, bob)) {
      owner.patch(MINE, steering).isProblem(409, "key_bound_to_destination");
      owner.put(MINE, steering).isProblem(409, "key_bound_to_destination");
      owner.post(MINE, steering).isProblem(409, "key_bound_to_destination");
    }
    root.patch("/v1/llm-services/_system/shared", steering)
        .isProblem(409, "key_bound_to_destination");
    assertThat(alice.get(MINE).at("/version").intValue()).isEqualTo(1);

    keyed.put("custom_headers", headers);
    alice.patch(MINE, keyed).isStatus(200);
    bob.patch(MINE, steering).isProblem(409, "key_bound_to_destination");
    TestResponse removed = bob.patch(MINE, "{\"custom_headers\": null}").isStatus(200);
    assertThat(removed.at("/has_api_key").booleanValue()).isTrue();
    assertThat(removed.at("/custom_header_names").size()).isZero();
    bob.patch(MINE, "{\"api_key\": null}").isStatus(200);
    bob.patch(MINE, steering).isStatus(200);
  }

  @Test
  void who_deposits_a_key_names_where_it_goes() {
    alice.put(MINE, FROM_DEFINITION).isStatus(201);
    root.post("/v1/users", Map.of("handle", "carol"));
    alice.put(MINE + "/shares/bob", Map.of("role", "owner")).isStatus(201);
    bob.patch(MINE, Map.of("api_key", "sk-0123456789")).hasFaults("/endpoint destination_required");
    bob.patch(MINE, Map.of("api_key", "sk-0123456789", "endpoint", "https://api.openai.com/v1"))
        .isStatus(200);
  }

  @Test
  void a_service_without_a_key_takes_none() {
    alice
        .put(MINE, Map.of("provider", "ollama", "model", "m", "api_key", "sk-0123456789"))
        .isStatus(422);
  }
}
