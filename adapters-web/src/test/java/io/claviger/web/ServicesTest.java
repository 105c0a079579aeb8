package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.contract.OpenApiDocument;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServicesTest {
  private static final String MINE = "/v1/llm-services/alice/my-openai";

  private static final Map<String, Object> FROM_DEFINITION =
      Map.of("definition", "_system/openai-large");
  @AutoClose private final Served served = Served.start();
  private final Client root = served.root();
  private final Client alice = served.user("alice");
  private final Client bob = served.user("bob");

  @Test
  void a_service_made_from_a_definition_copies_its_fields() {
    TestResponse created =
        alice.put(MINE, Map.of("definition", "_system/openai-large", "api_key", "sk-0123456789"));
    created.isStatus(201);
    assertThat(created.header("Location")).isEqualTo(MINE);
    assertThat(created.text("/model")).isEqualTo("text-embedding-3-large");
    assertThat(created.text("/gateway_url"))
        .isEqualTo(Served.GATEWAY + "/gateway/services/alice/my-openai");
    assertThat(created.at("/has_api_key").booleanValue()).isTrue();
    TestResponse shown = alice.get(MINE);
    assertThat(shown.json()).isEqualTo(created.json());
    assertThat(shown.header("ETag")).isEqualTo("\"1\"");
  }

  @Test
  void fields_come_in_the_order_of_the_contract() {
    List<String> fields =
        new ArrayList<>(
            OpenApiDocument.ofServer()
                .root()
                .at("/components/schemas/LlmService/properties")
                .propertyNames());
    // The first field is only in answers to some writes. The others are only there if the caller
    // asks for them.
    List<String> seldom =
        List.of(
            "user_keys_removed",
            "instance_id",
            "instance_handle",
            "definition_owner",
            "definition_handle");
    assertThat(fields.removeAll(seldom)).isTrue();
    assertThat(alice.put(MINE, FROM_DEFINITION).json().propertyNames())
        .containsExactlyElementsOf(fields);
  }

  @Test
  void a_service_shows_how_its_borrowers_are_kept_apart() {
    TestResponse known = alice.put(MINE, FROM_DEFINITION);
    assertThat(known.text("/isolation")).isEqualTo("forms");
    assertThat(known.text("/cache_separation")).isEqualTo("hint");
    TestResponse unknown =
        alice.put(
            MINE,
            Map.of("provider", "mistral", "model", "m", "endpoint", "https://api.mistral.ai/v1"));
    assertThat(unknown.text("/isolation")).isEqualTo("places");
    assertThat(unknown.text("/cache_separation")).isEqualTo("none");
    alice.patch(MINE, Map.of("isolation", "forms")).hasReadOnly("isolation");
  }

  @Test
  void a_definition_is_named_by_two_handles_too() {
    TestResponse created =
        alice.put(MINE, Map.of("definition_owner", "_system", "definition_handle", "openai-small"));
    assertThat(created.isStatus(201).text("/definition")).isEqualTo("_system/openai-small");
  }

  @Test
  void a_definition_of_ones_own_is_named_by_its_handle_alone() {
    alice.put("/v1/llm-definitions/alice/d", Map.of("provider", "openai", "model", "m"));
    TestResponse created = alice.put(MINE, Map.of("definition", "d"));
    assertThat(created.isStatus(201).text("/definition")).isEqualTo("alice/d");
  }

  @Test
  void a_definition_is_named_in_one_way() {
    alice.put(MINE, Map.of("definition_owner", "_system")).hasFaults("/definition_handle required");
    alice.put(MINE, Map.of("definition_handle", "x")).hasFaults("/definition_owner required");
    alice
        .put(
            MINE,
            Map.of(
                "definition", "_system/openai-large",
                "definition_owner", "_system",
                "definition_handle", "openai-small"))
        .hasFaults("/definition not_allowed");
  }

  @Test
  void a_definition_that_one_can_not_see_is_as_one_that_is_not_there() {
    bob.put("/v1/llm-definitions/bob/secret", Map.of("provider", "openai", "model", "m"));
    TestResponse hidden = alice.put(MINE, Map.of("definition", "bob/secret"));
    TestResponse missing = alice.put(MINE, Map.of("definition", "bob/missing"));
    hidden.isStatus(422);
    assertThat(hidden.text("/errors/0/code")).isEqualTo("unknown_reference");
    assertThat(hidden.at("/errors")).isEqualTo(missing.at("/errors"));
  }

  @Test
  void a_service_stands_alone_with_provider_endpoint_and_model() {
    TestResponse created =
        alice.put(
            MINE,
            """
            {"provider": "openai-compat", "endpoint": "https://llm.example.org/v1/", "model": "m",
             "dimensions": null, "timeout_ms": 60000, "organization": "org-1", "stream_usage": true,
             "custom_headers": {"X-Team": "lab", "X-Other": "a b"},
             "key_policy": {"central_key": true, "user_keys": true, "fallback_to_central": true},
             "limits": {"requests_per_minute": 600}, "api_key": "  sk-0123456789\\n",
             "display_name": "Lab", "description": "Two\\nlines", "enabled": false}
            """);
    created.isStatus(201);
    assertThat(created.text("/endpoint")).isEqualTo("https://llm.example.org/v1");
    assertThat(created.at("/custom_header_names").toString()).isEqualTo("[\"X-Team\",\"X-Other\"]");
    assertThat(created.at("/limits/requests_per_minute").intValue()).isEqualTo(600);
    assertThat(created.at("/key_policy/fallback_to_central").booleanValue()).isTrue();
    assertThat(created.at("/enabled").booleanValue()).isFalse();
    assertThat(created.at("/stream_usage").booleanValue()).isTrue();
    assertThat(alice.patch(MINE, "{\"stream_usage\": null}").at("/stream_usage").isNull()).isTrue();
    alice.patch(MINE, "{\"stream_usage\": \"yes\"}").hasFaults("/stream_usage wrong_type");
  }

  @Test
  void a_note_is_changed_by_writers_and_shown_to_readers() {
    alice.put(MINE, FROM_DEFINITION).isStatus(201);
    alice.put(MINE + "/shares/bob", Map.of("role", "reader"));
    assertThat(alice.get(MINE).at("/note").isNull()).isTrue();
    bob.patch(MINE, Map.of("note", "mine now")).isStatus(403);
    alice.put(MINE + "/shares/bob", Map.of("role", "writer"));
    bob.patch(MINE, Map.of("note", "Ask first.\n\tAlways.")).isStatus(200);
    alice.put(MINE + "/shares/bob", Map.of("role", "reader"));
    assertThat(bob.get(MINE).text("/note")).isEqualTo("Ask first.\n\tAlways.");
    assertThat(alice.patch(MINE, Map.of("timeout_ms", 7)).text("/note")).startsWith("Ask first.");
    assertThat(alice.put(MINE, FROM_DEFINITION).at("/note").isNull()).isTrue();
  }

  @Test
  void a_note_has_two_thousand_characters_at_most_and_an_empty_one_is_none() {
    Map<String, Object> write = new HashMap<>(FROM_DEFINITION);
    write.put("note", "x".repeat(2_000));
    assertThat(alice.put(MINE, write).isStatus(201).text("/note")).hasSize(2_000);
    alice.patch(MINE, Map.of("note", "x".repeat(2_001))).hasFaults("/note invalid_value");
    alice.patch(MINE, Map.of("note", "a\u0007")).hasFaults("/note invalid_value");
    assertThat(alice.patch(MINE, Map.of("note", "")).isStatus(200).at("/note").isNull()).isTrue();
  }

  @Test
  void post_does_what_put_does() {
    alice.post(MINE, FROM_DEFINITION).isStatus(201);
    alice.post(MINE, FROM_DEFINITION).isStatus(200);
  }

  @Test
  void a_patch_merges_down_to_the_parts_of_policy_and_limits() {
    alice.put(
        MINE,
        Map.of(
            "definition", "_system/openai-large",
            "key_policy", Map.of("user_keys", true),
            "limits", Map.of("requests_per_minute", 5)));
    TestResponse patched =
        alice.patch(
            MINE,
            "{\"key_policy\":{\"fallback_to_central\":true},\"limits\":{\"models\":[\"m\"],\"requests_per_minute\":null}}");
    assertThat(patched.at("/key_policy").toString())
        .isEqualTo("{\"central_key\":true,\"user_keys\":true,\"fallback_to_central\":true}");
    assertThat(patched.at("/limits").toString())
        .isEqualTo(
            "{\"requests_per_minute\":null,\"models\":[\"m\"],\"operations\":null,"
                + "\"max_output_tokens\":null,\"budgets\":null,\"tokens_per_minute\":null,\"input_tokens_per_minute\":null,"
                + "\"output_tokens_per_minute\":null,\"concurrent_calls\":null}");
  }

  @Test
  void null_clears_what_may_be_null_and_nothing_else() {
    alice.put(MINE, Map.of("definition", "_system/openai-large", "organization", "org-1"));
    TestResponse patched =
        alice.patch(
            MINE,
            "{\"dimensions\":null,\"context_limit\":null,\"organization\":null,\"definition\":null,"
                + "\"api_key\":null,\"custom_headers\":null}");
    patched.isStatus(200);
    assertThat(patched.at("/dimensions").isNull()).isTrue();
    assertThat(patched.at("/organization").isNull()).isTrue();
    assertThat(patched.at("/definition").isNull()).isTrue();
    alice
        .patch(
            MINE,
            "{\"model\":null,\"limits\":null,\"key_policy\":null,\"endpoint\":null,\"timeout_ms\":null,"
                + "\"display_name\":null,\"description\":null,\"provider\":null,\"definition_owner\":null,"
                + "\"definition_handle\":null}")
        .hasFaults(
            "/model not_nullable",
            "/limits not_nullable",
            "/key_policy not_nullable",
            "/endpoint not_nullable",
            "/timeout_ms not_nullable",
            "/display_name not_nullable",
            "/description not_nullable",
            "/provider not_nullable",
            "/definition_owner not_nullable",
            "/definition_handle not_nullable");
  }

  @Test
  void a_policy_is_judged_by_what_the_write_amounts_to() {
    alice.put(MINE, FROM_DEFINITION);
    alice
        .patch(MINE, Map.of("key_policy", Map.of("central_key", false)))
        .hasFaults("/key_policy no_key_allowed");
  }

  @Test
  void what_was_read_can_be_edited_and_sent_back() {
    alice.put(
        MINE,
        Map.of(
            "definition", "_system/openai-large",
            "api_key", "sk-0123456789",
            "custom_headers", Map.of("X-Team", "lab")));
    TestResponse read = alice.get(MINE);
    String edited = read.body().replace("\"my-openai\",\"description\"", "\"New\",\"description\"");
    assertThat(edited).isNotEqualTo(read.body());
    TestResponse written = alice.put(MINE, edited).isStatus(200);
    assertThat(written.text("/display_name")).isEqualTo("New");
    assertThat(written.at("/has_api_key").booleanValue()).isTrue();
    alice.patch(MINE, written.body()).isStatus(200);
  }

  @Test
  void read_only_fields_that_differ_are_named() {
    alice.put(MINE, FROM_DEFINITION);
    alice
        .patch(
            MINE,
            "{\"id\":\"x\",\"owner\":\"bob\",\"handle\":7,\"ref\":null,\"role\":\"reader\",\"has_api_key\":true,"
                + "\"custom_header_names\":[\"X\"],\"is_default\":true,\"gateway_url\":{},"
                + "\"api_key_set_at\":\"2026-01-01T00:00:00Z\",\"has_effective_api_key\":true,"
                + "\"created_at\":\"whenever\",\"updated_at\":null}")
        .hasReadOnly(
            "id",
            "owner",
            "handle",
            "ref",
            "role",
            "has_api_key",
            "custom_header_names",
            "is_default",
            "gateway_url",
            "api_key_set_at",
            "has_effective_api_key");
  }

  @Test
  void what_the_path_fixes_may_stand_in_a_body_that_creates() {
    alice
        .put(
            MINE,
            Map.of(
                "definition", "_system/openai-large",
                "owner", "alice",
                "handle", "my-openai",
                "ref", "alice/my-openai"))
        .isStatus(201);
    alice
        .put(
            "/v1/llm-services/alice/other", Map.of("definition", "_system/openai-large", "id", "x"))
        .hasReadOnly("id");
  }

  @Test
  void a_service_is_found_by_its_id() {
    String id = alice.put(MINE, FROM_DEFINITION).text("/id");
    TestResponse shown = alice.get("/v1/llm-services/_by-id/" + id);
    assertThat(shown.isStatus(200).text("/ref")).isEqualTo("alice/my-openai");
    assertThat(shown.header("ETag")).isEqualTo("\"1\"");
    bob.get("/v1/llm-services/_by-id/" + id).isStatus(404);
    alice.get("/v1/llm-services/_by-id/x").isStatus(404);
    alice.put("/v1/llm-services/_by-id/" + id, FROM_DEFINITION).hasFaults("/owner invalid_value");
    alice.delete("/v1/llm-services/_by-id/" + id).isStatus(404);
    alice.get("/v1/llm-services/_by-id/01980000-0000-7000-8000-000000000003").isStatus(404);
  }

  @Test
  void a_list_has_own_shared_and_system_level_ones_once_each() {
    alice.put(MINE, FROM_DEFINITION);
    root.put("/v1/llm-services/_system/box", Map.of("provider", "ollama", "model", "m"))
        .isStatus(201);
    alice.put(MINE + "/shares/bob", Map.of("role", "reader"));
    TestResponse list = bob.get("/v1/llm-services/bob");
    assertThat(list.at("/items").findValuesAsString("ref"))
        .containsExactly("_system/box", "alice/my-openai");
    assertThat(list.at("/items").findValuesAsString("role")).containsExactly("reader", "reader");
    assertThat(bob.get("/v1/llm-services/_system").at("/items").size()).isEqualTo(1);
    assertThat(bob.get("/v1/llm-services/bob?owner=alice&q=OPENAI").at("/items").size())
        .isEqualTo(1);
    assertThat(bob.get("/v1/llm-services/bob?provider=ollama&enabled=false").at("/items").size())
        .isZero();
    assertThat(bob.get("/v1/llm-services/bob?role=owner").at("/items").size()).isZero();
  }

  @Test
  void anothers_list_is_404_whether_or_not_there_is_such_a_user() {
    bob.get("/v1/llm-services/alice").isStatus(404);
    bob.get("/v1/llm-services/nobody").isStatus(404);
    bob.get("/v1/llm-services/NOBODY").isStatus(404);
    root.get("/v1/llm-services/alice").isStatus(200);
  }

  @Test
  void creating_in_anothers_namespace_is_403_whatever_is_there() {
    alice.put(MINE, FROM_DEFINITION);
    bob.put(MINE, FROM_DEFINITION).isProblem(403, "forbidden");
    bob.put("/v1/llm-services/alice/other", FROM_DEFINITION).isProblem(403, "forbidden");
    bob.put("/v1/llm-services/_system/x", FROM_DEFINITION).isProblem(403, "forbidden");
  }

  @Test
  void a_reader_sees_but_does_not_change() {
    alice.put(MINE, FROM_DEFINITION);
    alice.put(MINE + "/shares/bob", Map.of("role", "reader"));
    String read = bob.get(MINE).body();
    bob.patch(MINE, Map.of("endpoint", "https://x.example")).isProblem(403, "forbidden");
    bob.delete(MINE).isProblem(403, "forbidden");
    bob.put(MINE, read).isStatus(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"My", "_by-id", "_system", "me", "admin", "public", "%C3%A4"})
  void a_handle_outside_its_rule_is_422_where_it_would_be_created(String handle) {
    alice
        .put("/v1/llm-services/alice/" + handle, FROM_DEFINITION)
        .hasFaults("/handle invalid_value");
    alice
        .post("/v1/llm-services/alice/" + handle, FROM_DEFINITION)
        .hasFaults("/handle invalid_value");
    alice.get("/v1/llm-services/alice/" + handle).isStatus(404);
    alice.patch("/v1/llm-services/alice/" + handle, Map.of()).isStatus(404);
    alice.delete("/v1/llm-services/alice/" + handle).isStatus(404);
  }

  @Test
  void a_service_is_deleted_once() {
    alice.put(MINE, FROM_DEFINITION);
    alice.delete(MINE).isStatus(204);
    alice.delete(MINE).isProblem(404, "not_found");
    alice.get(MINE).isStatus(404);
  }

  @Test
  void a_service_that_projects_use_is_not_deleted() {
    alice.put(MINE, FROM_DEFINITION);
    alice.put(MINE + "/shares/bob", Map.of("role", "reader"));
    alice.put("/v1/projects/alice/p", Map.of("service", "my-openai")).isStatus(201);
    bob.put("/v1/projects/bob/q", Map.of("service", "alice/my-openai")).isStatus(201);
    TestResponse asked = alice.delete(MINE).isProblem(409, "in_use");
    assertThat(asked.text("/detail")).contains("2 projects", "alice/p").doesNotContain("bob/q");
    assertThat(root.delete(MINE).isProblem(409, "in_use").text("/detail"))
        .contains("alice/p", "bob/q");
    alice.patch("/v1/projects/alice/p", "{\"service\":null}").isStatus(200);
    bob.delete("/v1/projects/bob/q").isStatus(204);
    alice.delete(MINE).isStatus(204);
  }

  @Test
  void the_organization_is_for_the_openai_format_only() {
    alice
        .put(MINE, Map.of("definition", "_system/cohere-v4", "organization", "org-1"))
        .isStatus(422);
  }
}
