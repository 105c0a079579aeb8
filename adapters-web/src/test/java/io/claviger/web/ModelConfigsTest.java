package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The model catalogue, as administrators fill it, and nobody else sees it. */
class ModelConfigsTest {
  private static final String ALL = "/v1/model-configs";
  private static final Map<String, Object> GPT = Map.of("provider", "openai", "model", "gpt");
  @AutoClose private final Served served = Served.start();
  private final Client root =
      served.root().owning("/v1/llm-services/_system/house", Map.of("api_key", "sk-0123456789"));
  private final Client alice = served.user("alice");

  @Test
  void a_model_of_which_little_is_said_takes_defaults() {
    TestResponse created = root.post(ALL, GPT).isStatus(201);
    assertThat(created.header("Location")).isEqualTo(ALL + "/" + created.text("/id"));
    assertThat(created.text("/display_name")).isEqualTo("gpt");
    assertThat(created.at("/enabled").booleanValue()).isTrue();
    assertThat(created.at("/is_default").booleanValue()).isTrue();
    assertThat(created.text("/service")).isEqualTo("_system/house");
    assertThat(created.text("/status")).isEqualTo("runnable");
    assertThat(created.text("/created_by")).isEqualTo("root");
    TestResponse shown = root.get(created.header("Location")).isStatus(200);
    assertThat(shown.json()).isEqualTo(created.json());
    assertThat(shown.header("ETag")).isEqualTo("\"" + created.at("/version").longValue() + "\"");
  }

  @Test
  void fields_come_in_the_order_of_the_contract() {
    assertThat(root.post(ALL, GPT).json().propertyNames())
        .containsExactly(
            ("id provider model display_name enabled is_default context_limit"
                    + " compression_threshold service name on_failure targets applied_by format"
                    + " status created_by updated_by version created_at updated_at")
                .split(" "));
  }

  @Test
  void everything_can_be_said() {
    TestResponse created =
        root.post(
            ALL,
            """
            {"provider": "openai", "model": "gpt", "display_name": "GPT", "enabled": true,
             "is_default": true, "context_limit": 400000, "compression_threshold": 80,
             "service": "house"}
            """);
    assertThat(created.isStatus(201).at("/compression_threshold").intValue()).isEqualTo(80);
    assertThat(created.at("/context_limit").intValue()).isEqualTo(400_000);
    assertThat(created.text("/service")).isEqualTo("_system/house");
  }

  @ParameterizedTest
  @CsvSource({"claude, anthropic", "gemini, google", "openai-compat, openai-compat"})
  void providers_have_second_names(String given, String meant) {
    TestResponse created = root.post(ALL, Map.of("provider", given, "model", "m")).isStatus(201);
    assertThat(created.text("/provider")).isEqualTo(meant);
    assertThat(created.text("/status")).isEqualTo("no_instance");
    assertThat(created.at("/service").isNull()).isTrue();
  }

  @Test
  void provider_and_model_must_be_said() {
    root.post(ALL, Map.of()).hasFaults("/provider required", "/model required");
  }

  @Test
  void what_is_wrong_is_said_at_once() {
    root.post(
            ALL,
            """
            {"provider": "No body", "model": "", "display_name": 7, "enabled": "yes",
             "is_default": 1, "context_limit": 0, "compression_threshold": 101, "service": "A/b",
             "colour": "red", "model": "x"}
            """)
        .hasFaults(
            "/provider invalid_value",
            "/model invalid_value",
            "/display_name wrong_type",
            "/enabled wrong_type",
            "/is_default wrong_type",
            "/context_limit invalid_value",
            "/compression_threshold invalid_value",
            "/service invalid_value",
            "/colour unknown_field",
            "/model duplicate_field");
  }

  @Test
  void null_is_for_what_may_be_null() {
    root.post(
            ALL,
            "{\"provider\":null,\"model\":null,\"display_name\":null,\"enabled\":null,\"is_default\":null}")
        .hasFaults(
            "/provider not_nullable",
            "/model not_nullable",
            "/display_name not_nullable",
            "/enabled not_nullable",
            "/is_default not_nullable");
    TestResponse created =
        root.post(
            ALL,
            "{\"provider\":\"openai\",\"model\":\"m\",\"context_limit\":null,"
                + "\"compression_threshold\":null,\"service\":null}");
    assertThat(created.isStatus(201).at("/service").isNull()).isTrue();
    assertThat(created.text("/status")).isEqualTo("runnable");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "101", "1e2", "0.5", "\"80\"", "99999999999", "[]"})
  void a_threshold_is_a_percentage(String threshold) {
    root.post(
            ALL,
            "{\"provider\":\"openai\",\"model\":\"m\",\"compression_threshold\":" + threshold + "}")
        .isStatus(422);
  }

  @Test
  void a_creation_has_no_read_only_fields() {
    root.post(ALL, Map.of("provider", "openai", "model", "m", "id", "x", "version", 1))
        .hasFaults("/id unknown_field", "/version unknown_field");
  }

  @Test
  void a_model_is_bound_to_an_enabled_system_level_service_of_its_provider() {
    root.put("/v1/llm-services/root/own", Map.of("definition", "_system/openai-large"));
    root.put(
        "/v1/llm-services/_system/off",
        Map.of("definition", "_system/openai-large", "enabled", false));
    root.post(ALL, Map.of("provider", "openai", "model", "m", "service", "root/own"))
        .hasFaults("/service not_allowed");
    root.post(ALL, Map.of("provider", "openai", "model", "m", "service", "_system/off"))
        .hasFaults("/service service_disabled");
    root.post(ALL, Map.of("provider", "mistral", "model", "m", "service", "_system/house"))
        .hasFaults("/service provider_differs");
    root.post(ALL, Map.of("provider", "openai", "model", "m", "service", "_system/none"))
        .hasFaults("/service unknown_reference");
  }

  @Test
  void pages_show_each_model_once_oldest_first() {
    for (int i = 0; i < 7; i++) {
      root.post(ALL, Map.of("provider", "openai", "model", "m" + i));
    }
    List<String> seen = new ArrayList<>();
    String path = ALL + "?limit=3";
    while (!path.isEmpty()) {
      TestResponse page = root.get(path).isStatus(200);
      seen.addAll(page.at("/items").findValuesAsString("display_name"));
      path = page.header("Link").replaceAll("^<(.*)>; rel=\"next\"$", "$1");
    }
    assertThat(seen).containsExactly("m0", "m1", "m2", "m3", "m4", "m5", "m6");
  }

  @Test
  void only_administrators_see_and_keep_it() {
    String path = root.post(ALL, GPT).header("Location");
    alice.get(ALL).isProblem(403, "forbidden");
    alice.post(ALL, GPT).isProblem(403, "forbidden");
    alice.get(path).isProblem(403, "forbidden");
    alice.patch(path, Map.of("id", "x")).isProblem(403, "forbidden");
    alice.delete(path).isProblem(403, "forbidden");
  }

  @Test
  void an_administrators_token_of_scope_use_does_neither() {
    String path = root.post(ALL, GPT).header("Location");
    TestResponse issued = root.post("/v1/users/root/tokens", Map.of("name", "n", "scope", "use"));
    Client using = served.holding(issued.text("/token"));
    using.get(ALL).isProblem(403, "forbidden");
    using.get(path).isProblem(403, "forbidden");
    using.post(ALL, GPT).isProblem(403, "forbidden");
    using.patch(path, Map.of()).isProblem(403, "forbidden");
    using.delete(path).isProblem(403, "forbidden");
  }
}
