package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * The requests about services of dhamps-vdb's document "LLM Service Architecture Refactoring"
 * (docs/LLM_SERVICE_REFACTORING.md of mpilhlt/dhamps-vdb, as of 8 February 2026), and the names
 * that its clients know. Only "sk-..." is replaced by a key.
 */
class DhampsRequestsTest {
  private static final String MINE = "/v1/llm-services/jdoe/my-openai";
  private static final String DHAMPS = "?names=dhamps";
  private static final String STANDALONE =
      """
      {
        "endpoint": "https://api.openai.com/v1/embeddings",
        "api_standard": "openai",
        "model": "text-embedding-3-large",
        "dimensions": 3072,
        "api_key": "sk-proj-your-key-here"
      }
      """;

  @AutoClose private final Served served = Served.start();
  private final Client jdoe = served.user("jdoe");

  @Test
  void the_documented_requests_run_as_they_stand() {
    TestResponse standalone = jdoe.put(MINE, STANDALONE).isStatus(201);
    assertThat(standalone.at("/dimensions").intValue()).isEqualTo(3072);
    assertThat(standalone.text("/endpoint")).isEqualTo("https://api.openai.com/v1");
    jdoe.put(MINE, STANDALONE).isStatus(200);
    TestResponse fromSystem =
        jdoe.post(
            "/v1/llm-services/jdoe/my-openai-instance",
            """
            {
              "definition_owner": "_system",
              "definition_handle": "openai-large",
              "api_key": "sk-proj-your-key-here"
            }
            """);
    assertThat(fromSystem.isStatus(201).text("/definition")).isEqualTo("_system/openai-large");
    jdoe.put(
            "/v1/llm-definitions/jdoe/my-custom-config",
            Map.of("definition_handle", "my-custom-config", "api_standard", "openai", "model", "m"))
        .isStatus(422);
    jdoe.put(
            "/v1/llm-definitions/jdoe/my-custom-config",
            Map.of(
                "definition_handle",
                "my-custom-config",
                "api_standard",
                "openai",
                "endpoint",
                "https://api.openai.com/v1",
                "model",
                "m"))
        .isStatus(201);
    TestResponse fromOwn =
        jdoe.post(
            "/v1/llm-services/jdoe/my-custom-instance",
            """
            {
              "definition_owner": "jdoe",
              "definition_handle": "my-custom-config",
              "api_key": "sk-proj-your-key-here"
            }
            """);
    assertThat(fromOwn.isStatus(201).text("/model")).isEqualTo("m");
    TestResponse listed = jdoe.get("/v1/llm-services/jdoe").isStatus(200);
    assertThat(listed.at("/items").size()).isEqualTo(3);
    assertThat(listed.body()).doesNotContain("\"api_key\":", "instance_handle", "sk-proj");
    jdoe.get(MINE).isStatus(200);
    Client bob = served.user("bob");
    jdoe.put(MINE + "/shares/bob", Map.of("role", "reader")).isStatus(201);
    assertThat(bob.get("/v1/llm-services/bob" + DHAMPS).isStatus(200).body())
        .contains("\"instance_handle\":\"my-openai\"")
        .doesNotContain("\"api_key\":", "sk-proj");
    jdoe.delete(MINE).isStatus(204);
  }

  @Test
  void answers_have_the_old_names_only_if_they_are_asked_for() {
    TestResponse created =
        jdoe.put(
            MINE + DHAMPS,
            Map.of("definition_owner", "_system", "definition_handle", "openai-large"));
    created.isStatus(201);
    TestResponse shown = jdoe.get(MINE + DHAMPS).isStatus(200);
    assertThat(shown.json()).isEqualTo(created.json());
    assertThat(shown.text("/instance_id")).isEqualTo(shown.text("/id"));
    assertThat(shown.text("/instance_handle")).isEqualTo("my-openai");
    assertThat(shown.text("/definition_owner")).isEqualTo("_system");
    assertThat(shown.text("/definition_handle")).isEqualTo("openai-large");
    assertThat(jdoe.get("/v1/llm-services/jdoe" + DHAMPS + "&limit=1").at("/items/0"))
        .isEqualTo(shown.json());
    assertThat(jdoe.get(MINE).body()).doesNotContain("instance_", "definition_");
    TestResponse alone = jdoe.patch(MINE + DHAMPS, "{\"definition\": null}").isStatus(200);
    assertThat(alone.text("/instance_handle")).isEqualTo("my-openai");
    assertThat(alone.body()).doesNotContain("definition_owner", "definition_handle");

    TestResponse definition =
        jdoe.get("/v1/llm-definitions/_system/openai-large" + DHAMPS).isStatus(200);
    assertThat(definition.text("/definition_id")).isEqualTo(definition.text("/id"));
    assertThat(definition.text("/definition_handle")).isEqualTo("openai-large");
    assertThat(jdoe.get("/v1/llm-definitions/_system" + DHAMPS + "&limit=1").body())
        .contains("\"definition_handle\"");
    assertThat(jdoe.get("/v1/llm-definitions" + DHAMPS).body()).contains("\"definition_id\"");
    assertThat(jdoe.get("/v1/llm-definitions").body()).doesNotContain("definition_");
    assertThat(served.root().get("/v1/llm-services" + DHAMPS).body())
        .contains("\"instance_handle\":\"my-openai\"");
  }

  @Test
  void other_names_than_those_of_dhamps_are_refused_before_anything_is_written() {
    jdoe.put(MINE + "?names=coder", STANDALONE).hasFaults("/names invalid_value");
    jdoe.put("/v1/llm-definitions/jdoe/d?names=", STANDALONE).hasFaults("/names invalid_value");
    jdoe.get(MINE).isStatus(404);
    jdoe.get("/v1/llm-definitions/jdoe/d").isStatus(404);
    jdoe.put(MINE, STANDALONE).isStatus(201);
    jdoe.get(MINE + "?names=coder").hasFaults("/names invalid_value");
    jdoe.get("/v1/llm-services/jdoe?names=coder").hasFaults("/names invalid_value");
  }

  @Test
  void a_write_names_a_field_once_and_changes_no_read_only_one_by_its_old_name() {
    String id = jdoe.put(MINE, STANDALONE).isStatus(201).text("/id");
    jdoe.patch(MINE, Map.of("instance_id", id, "instance_handle", "my-openai")).isStatus(200);
    jdoe.patch(MINE, Map.of("instance_id", "153")).hasFaults("/instance_id read_only");
    jdoe.patch(MINE, Map.of("instance_handle", "other")).hasFaults("/instance_handle read_only");
    jdoe.patch(MINE, "{\"instance_handle\": null}").hasFaults("/instance_handle read_only");
    jdoe.patch(MINE, Map.of("instance_handle", "my-openai", "handle", "my-openai"))
        .hasFaults("/instance_handle not_allowed");
    jdoe.patch(
            MINE,
            Map.of(
                "definition", "_system/openai-large",
                "definition_owner", "_system",
                "definition_handle", "openai-large"))
        .hasFaults("/definition not_allowed");
    jdoe.put(
            "/v1/llm-services/jdoe/other",
            Map.of("definition", "_system/openai-large", "instance_handle", "my-openai"))
        .hasFaults("/instance_handle read_only");
    jdoe.put(
            "/v1/llm-services/jdoe/other",
            Map.of("definition", "_system/openai-large", "instance_handle", "other"))
        .isStatus(201);

    String definition = "/v1/llm-definitions/jdoe/d";
    Map<String, Object> fields = Map.of("provider", "openai", "model", "m");
    jdoe.put(definition, fields).isStatus(201);
    jdoe.patch(definition, Map.of("definition_handle", "e"))
        .hasFaults("/definition_handle read_only");
    jdoe.patch(definition, Map.of("definition_handle", "d", "handle", "d"))
        .hasFaults("/definition_handle not_allowed");
    jdoe.patch(definition, Map.of("instance_handle", "d"))
        .hasFaults("/instance_handle unknown_field");
  }
}
