package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.fakes.Seeds;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionsTest {
  private static final String MINE = "/v1/llm-definitions/alice/mine";
  @AutoClose private final Served served = Served.start();
  private final Client root = served.root();
  private final Client alice = served.user("alice");
  private final Client bob = served.user("bob");

  @Test
  void everybody_sees_the_seeded_ones() {
    TestResponse list = bob.get("/v1/llm-definitions/_system");
    assertThat(list.at("/items").findValuesAsString("ref"))
        .containsExactlyElementsOf(Seeds.definitionRefs());
  }

  @Test
  void a_definition_is_created_shown_and_replaced() {
    TestResponse created =
        alice.put(
            MINE,
            Map.of("provider", "openai", "model", "m", "dimensions", 10, "description", "Text"));
    created.isStatus(201);
    assertThat(created.header("Location")).isEqualTo(MINE);
    assertThat(created.text("/endpoint")).isEqualTo("https://api.openai.com/v1");
    assertThat(alice.get(MINE).json()).isEqualTo(created.json());
    TestResponse replaced = alice.post(MINE, Map.of("provider", "openai", "model", "m2"));
    assertThat(replaced.isStatus(200).at("/dimensions").isNull()).isTrue();
    assertThat(replaced.text("/description")).isEmpty();
    assertThat(replaced.at("/version").intValue()).isEqualTo(2);
  }

  @Test
  void a_patch_keeps_what_is_absent_and_clears_what_is_null() {
    alice.put(MINE, Map.of("provider", "openai", "model", "m", "dimensions", 10));
    TestResponse patched = alice.patch(MINE, "{\"dimensions\":null,\"public\":true}");
    assertThat(patched.at("/dimensions").isNull()).isTrue();
    assertThat(patched.text("/model")).isEqualTo("m");
    assertThat(patched.at("/public").booleanValue()).isTrue();
  }

  @Test
  void what_is_missing_is_said_at_once() {
    alice.put(MINE, Map.of()).hasFaults("/provider required", "/model required");
    alice.put(MINE, Map.of("provider", "azure", "model", "m")).hasFaults("/endpoint required");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://x", "x", "https://", "https://u:p@x", "https://x?q=1", "https://x#f",
        "https://x/../y", "https://x/%2e%2e", "https://x:99999", "https://x y", "https://x/%zz",
            "//x"
      })
  void an_endpoint_outside_its_rule_is_422_and_not_repeated(String endpoint) {
    TestResponse reply =
        alice.put(MINE, Map.of("provider", "openai", "model", "m", "endpoint", endpoint));
    reply.hasFaults("/endpoint invalid_value");
    assertThat(reply.body()).doesNotContain("\"" + endpoint);
  }

  @Test
  void an_endpoint_is_kept_in_its_normal_form() {
    TestResponse created =
        alice.put(
            MINE,
            Map.of(
                "provider", "openai", "model", "m", "endpoint", "HTTPS://API.Example.ORG:443/v1/"));
    assertThat(created.text("/endpoint")).isEqualTo("https://api.example.org/v1");
  }

  @Test
  void what_one_can_not_see_is_404() {
    alice.put(MINE, Map.of("provider", "openai", "model", "m"));
    bob.get(MINE).isStatus(404);
    bob.patch(MINE, Map.of("model", "x")).isStatus(404);
    bob.delete(MINE).isStatus(404);
    bob.put("/v1/llm-services/bob/x", Map.of("definition", "alice/mine"))
        .hasFaults("/definition unknown_reference");
  }

  @Test
  void a_collection_in_which_one_sees_nothing_is_404_whether_or_not_there_is_such_a_user() {
    alice.put(MINE, Map.of("provider", "openai", "model", "m"));
    bob.get("/v1/llm-definitions/alice").isProblem(404, "not_found");
    bob.get("/v1/llm-definitions/nobody").isProblem(404, "not_found");
    assertThat(bob.get("/v1/llm-definitions/bob").isStatus(200).at("/items").size()).isZero();
    assertThat(root.get("/v1/llm-definitions/alice").at("/items").size()).isEqualTo(1);
  }

  @Test
  void creating_in_anothers_namespace_is_403_whatever_is_there() {
    alice.put(MINE, Map.of("provider", "openai", "model", "m"));
    Map<String, Object> body = Map.of("provider", "openai", "model", "m");
    bob.put(MINE, body).isProblem(403, "forbidden");
    bob.put("/v1/llm-definitions/alice/other", body).isProblem(403, "forbidden");
    bob.put("/v1/llm-definitions/nobody/x", body).isProblem(403, "forbidden");
  }

  @Test
  void a_public_one_is_seen_by_all_and_written_by_its_owner() {
    alice.put(MINE, Map.of("provider", "openai", "model", "m", "public", true));
    bob.get(MINE).isStatus(200);
    assertThat(bob.get("/v1/llm-definitions?owner=alice").at("/items").size()).isEqualTo(1);
    assertThat(bob.get("/v1/llm-definitions/alice").at("/items").size()).isEqualTo(1);
    bob.put("/v1/llm-services/bob/x", Map.of("definition", "alice/mine")).isStatus(201);
    bob.patch(MINE, Map.of("model", "x")).isProblem(403, "forbidden");
    bob.delete(MINE).isProblem(403, "forbidden");
    root.delete(MINE).isStatus(204);
  }

  @Test
  void what_is_made_from_a_public_one_stays_when_it_is_hidden() {
    alice.put(MINE, Map.of("provider", "openai", "model", "m", "public", true));
    bob.put("/v1/llm-services/bob/x", Map.of("definition", "alice/mine")).isStatus(201);
    alice.patch(MINE, Map.of("public", false)).isStatus(200);
    bob.get(MINE).isStatus(404);
    bob.get("/v1/llm-definitions/alice").isStatus(404);
    TestResponse service = bob.get("/v1/llm-services/bob/x").isStatus(200);
    assertThat(service.text("/model")).isEqualTo("m");
    bob.put("/v1/llm-services/bob/x", service.body()).isStatus(200);
  }

  @Test
  void a_replacement_that_does_not_say_public_is_private() {
    alice.put(MINE, Map.of("provider", "openai", "model", "m", "public", true));
    alice.put(MINE, Map.of("provider", "openai", "model", "m")).isStatus(200);
    bob.get(MINE).isStatus(404);
  }

  @Test
  void administrators_write_those_of_system_which_are_public_already() {
    String system = "/v1/llm-definitions/_system/openai-large";
    alice.patch(system, Map.of("model", "x")).isProblem(403, "forbidden");
    root.patch(system, Map.of("description", "Large")).isStatus(200);
    root.patch(system, Map.of("public", true)).hasFaults("/public not_allowed");
    root.put(system, root.get(system).body()).isStatus(200);
  }

  @Test
  void lists_are_filtered() {
    alice.put(MINE, Map.of("provider", "cohere", "model", "m"));
    assertThat(alice.get("/v1/llm-definitions?provider=cohere").at("/items").size()).isEqualTo(4);
    assertThat(alice.get("/v1/llm-definitions?api_standard=gemini").at("/items").size())
        .isEqualTo(2);
    assertThat(alice.get("/v1/llm-definitions?owner=alice").at("/items").size()).isEqualTo(1);
    alice.get("/v1/llm-definitions?provider=X").hasFaults("/provider invalid_value");
  }

  @Test
  void an_unknown_api_standard_is_an_unknown_reference() {
    alice
        .put(MINE, Map.of("api_standard", "nope", "model", "m"))
        .hasFaults("/api_standard unknown_reference");
  }

  @Test
  void handles_outside_their_rule_are_422_where_they_would_be_created() {
    alice.put("/v1/llm-definitions/alice/Mine", Map.of()).hasFaults("/handle invalid_value");
    alice.put("/v1/llm-definitions/Alice/mine", Map.of()).hasFaults("/owner invalid_value");
    alice.patch("/v1/llm-definitions/alice/Mine", Map.of()).isStatus(404);
    alice.get("/v1/llm-definitions/Alice").isStatus(404);
  }

  @Test
  void deleting_what_is_not_there_is_404() {
    alice.delete(MINE).isProblem(404, "not_found");
  }
}
