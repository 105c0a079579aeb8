package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.fakes.Seeds;
import io.claviger.stub.RecordedRequest;
import io.claviger.testkit.http.TestResponse;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The rows A1 to A7 and B2 of the systems that Claviger unites. */
class ServicesJourneyTest extends AliceAndBob {
  @Test
  void standards_and_definitions_are_there_from_the_first_start_on() {
    assertThat(alice.get("/v1/api-standards").items("handle"))
        .contains("openai", "cohere", "gemini");
    TestResponse seeds = alice.get("/v1/llm-definitions/_system");
    assertThat(seeds.items("ref")).containsExactlyElementsOf(Seeds.definitionRefs());
    assertThat(seeds.items("model"))
        .contains("gpt-5", "claude-sonnet-4-5", "text-embedding-3-large", "embed-v4.0");
  }

  @Test
  void definitions_of_the_system_are_administrators_and_ones_own_are_ones_own() {
    Map<String, String> chat = Map.of("provider", "openai", "model", "chat");
    Map<String, String> described = Map.of("description", "changed");
    root.put("/v1/llm-definitions/_system/chat", chat).isStatus(201);
    root.patch("/v1/llm-definitions/_system/chat", described).isStatus(200);
    alice.put("/v1/llm-definitions/_system/mine", chat).isProblem(403, "forbidden");
    alice.put("/v1/llm-definitions/_system/chat", chat).isProblem(403, "forbidden");
    alice.patch("/v1/llm-definitions/_system/chat", described).isProblem(403, "forbidden");
    alice.delete("/v1/llm-definitions/_system/chat").isProblem(403, "forbidden");
    assertThat(alice.get("/v1/llm-definitions/_system/chat").text("/description"))
        .isEqualTo("changed");

    alice.put("/v1/llm-definitions/alice/chat", chat).isStatus(201);
    alice.patch("/v1/llm-definitions/alice/chat", described).isStatus(200);
    bob.get("/v1/llm-definitions/alice/chat").isProblem(404, "not_found");
    bob.patch("/v1/llm-definitions/alice/chat", described).isProblem(404, "not_found");
    bob.delete("/v1/llm-definitions/alice/chat").isProblem(404, "not_found");
    bob.put("/v1/llm-definitions/alice/other", chat).isProblem(403, "forbidden");
    root.patch("/v1/llm-definitions/alice/chat", Map.of("description", "by root"))
        .isProblem(403, "forbidden");
    root.put("/v1/llm-definitions/alice/other", chat).isProblem(403, "forbidden");

    root.delete("/v1/llm-definitions/_system/chat").isStatus(204);
    root.delete("/v1/llm-definitions/alice/chat").isStatus(204);
    alice.get("/v1/llm-definitions/alice/chat").isProblem(404, "not_found");
  }

  @Test
  void a_service_comes_from_a_system_definition_an_own_one_or_none() {
    TestResponse fromSystem =
        alice
            .put(
                "/v1/llm-services/alice/from-system",
                Map.of("definition", "_system/cohere-v4", "model", "embed-v5"))
            .isStatus(201);
    assertThat(fromSystem.text("/definition")).isEqualTo("_system/cohere-v4");
    assertThat(fromSystem.text("/endpoint")).isEqualTo("https://api.cohere.com");
    assertThat(fromSystem.text("/model")).isEqualTo("embed-v5");
    assertThat(fromSystem.at("/dimensions").intValue()).isEqualTo(1536);

    alice
        .put(
            "/v1/llm-definitions/alice/lab",
            Map.of("api_standard", "openai", "endpoint", "https://lab.example/v1", "model", "m"))
        .isStatus(201);
    TestResponse fromOwn =
        alice
            .put(
                "/v1/llm-services/alice/from-own",
                Map.of("definition_owner", "alice", "definition_handle", "lab"))
            .isStatus(201);
    assertThat(fromOwn.text("/definition")).isEqualTo("alice/lab");
    assertThat(fromOwn.text("/endpoint")).isEqualTo("https://lab.example/v1");
    alice.put("/v1/llm-services/alice/short", Map.of("definition", "lab")).isStatus(201);
    bob.put("/v1/llm-services/bob/hers", Map.of("definition", "alice/lab")).isStatus(422);

    alice.patch("/v1/llm-definitions/alice/lab", Map.of("model", "other")).isStatus(200);
    alice.delete("/v1/llm-definitions/alice/lab").isStatus(204);
    TestResponse copied = alice.get("/v1/llm-services/alice/from-own").isStatus(200);
    assertThat(copied.text("/model")).isEqualTo("m");
    assertThat(copied.at("/definition").isNull()).isTrue();

    alice.put("/v1/llm-services/alice/alone", Map.of("provider", "openai")).isStatus(422);
    TestResponse alone =
        alice
            .put(
                "/v1/llm-services/alice/alone",
                Map.of("api_standard", "openai", "endpoint", "https://alone.example", "model", "m"))
            .isStatus(201);
    assertThat(alone.at("/definition").isNull()).isTrue();
    assertThat(alone.text("/provider")).isEqualTo("openai-compat");
    bob.put("/v1/llm-services/alice/bobs", Map.of("definition", "_system/cohere-v4"))
        .isProblem(403, "forbidden");
  }

  @Test
  void every_service_one_can_use_is_listed_once() {
    journey.service(alice, "alice/kept");
    journey.service(alice, "alice/lent");
    journey.service(bob, "bob/own");
    root.put("/v1/llm-services/_system/all", Map.of("definition", "_system/openai-small"))
        .isStatus(201);
    alice.share("alice/lent", "bob", "reader").isStatus(201);
    alice.share("alice/lent", "bob", "writer").isStatus(200);

    TestResponse listed = bob.get("/v1/llm-services/bob");
    assertThat(listed.items("ref")).containsExactly("_system/all", "alice/lent", "bob/own");
    assertThat(listed.items("role")).containsExactly("reader", "writer", "owner");
    assertThat(alice.get("/v1/llm-services/alice").items("ref"))
        .containsExactly("_system/all", "alice/kept", "alice/lent");
    assertThat(alice.get("/v1/llm-services/_system").items("ref")).containsExactly("_system/all");
    alice.get("/v1/llm-services/bob").isProblem(404, "not_found");
    assertThat(root.get("/v1/llm-services/bob").items("ref")).contains("bob/own");

    alice.delete("/v1/llm-services/alice/lent/shares/bob").isStatus(204);
    alice.delete("/v1/llm-services/alice/lent/shares/bob").isStatus(204);
    assertThat(bob.get("/v1/llm-services/bob").items("ref"))
        .containsExactly("_system/all", "bob/own");
  }

  @Test
  void each_role_may_do_its_own_and_no_more() {
    Api writer = journey.user(node, "writer");
    Api coOwner = journey.user(node, "co-owner");
    Api stranger = journey.user(node, "stranger");
    journey.user(node, "carol");
    journey.service(alice, "alice/lent");
    alice.share("alice/lent", "bob", "reader").isStatus(201);
    alice.share("alice/lent", "writer", "writer").isStatus(201);
    alice.share("alice/lent", "co-owner", "owner").isStatus(201);

    assertThat(deeds(bob)).containsExactly(200, 200, 403, 403, 403, 403, 403, 403, 403);
    assertThat(deeds(writer)).containsExactly(200, 200, 200, 403, 403, 200, 403, 403, 403);
    assertThat(deeds(coOwner)).containsExactly(200, 200, 200, 200, 200, 200, 201, 403, 403);
    assertThat(deeds(stranger)).containsExactly(404, 404, 404, 404, 404, 404, 404, 404, 404);
    alice.delete("/v1/llm-services/alice/lent/shares/carol").isStatus(204);
    keyed();
    assertThat(deeds(root)).containsExactly(200, 403, 403, 403, 200, 200, 201, 200, 204);
    alice.get("/v1/llm-services/alice/lent").isProblem(404, "not_found");
  }

  /** The rows of the table of roles, one attempt each. */
  private List<Integer> deeds(Api who) {
    String service = "/v1/llm-services/alice/lent";
    Map<String, String> key =
        Map.of("endpoint", journey.endpoint(), "api_key", journey.key("again"));
    List<Integer> deeds =
        List.of(
            who.get(service).status(),
            who.embed("alice/lent").status(),
            who.patch(service, Map.of("description", "by " + who.hashCode())).status(),
            who.patch(service, key).status(),
            who.patch(service, Collections.singletonMap("api_key", null)).status(),
            who.get(service + "/shares").status(),
            who.share("alice/lent", "carol", "reader").status(),
            who.share("alice/lent", "carol", "owner").status(),
            who.delete(service).status());
    keyed();
    return deeds;
  }

  /** Sees to it that the owner's key is there for the next to try. */
  private void keyed() {
    alice.patch(
        "/v1/llm-services/alice/lent",
        Map.of("endpoint", journey.endpoint(), "api_key", journey.key("alice/lent")));
  }

  @Test
  void a_key_is_written_and_never_read_but_it_travels_with_all_that_belongs_to_it() {
    Map<String, Object> write = new HashMap<>();
    write.put("provider", "openai-compat");
    write.put("display_name", "Lab account");
    write.put("endpoint", journey.endpoint());
    write.put("model", "text-embedding-3-small");
    write.put("timeout_ms", 4000);
    write.put("organization", "org-of-the-lab");
    write.put("custom_headers", Map.of("X-Team", journey.key("header")));
    write.put("api_key", journey.key("first"));
    TestResponse created = alice.put("/v1/llm-services/alice/lab", write).isStatus(201);
    assertThat(created.json().has("api_key")).isFalse();
    assertThat(created.json().has("custom_headers")).isFalse();
    assertThat(created.at("/has_api_key").booleanValue()).isTrue();
    assertThat(created.at("/custom_header_names").toString()).isEqualTo("[\"X-Team\"]");
    assertThat(created.text("/display_name")).isEqualTo("Lab account");
    assertThat(created.at("/timeout_ms").intValue()).isEqualTo(4000);

    TestResponse answer = alice.embed("alice/lab").isStatus(200);
    assertThat(answer.header("X-Claviger-Service")).isEqualTo("alice/lab");
    assertThat(answer.header("X-Claviger-Key-Source")).isEqualTo("central");
    RecordedRequest sent = journey.provider().requests().get(0);
    assertThat(sent.uri()).isEqualTo("/v1/embeddings");
    assertThat(sent.headers("Authorization")).containsExactly("Bearer " + journey.key("first"));
    assertThat(sent.headers("OpenAI-Organization")).containsExactly("org-of-the-lab");
    assertThat(sent.headers("X-Team")).containsExactly(journey.key("header"));

    alice
        .patch("/v1/llm-services/alice/lab", Map.of("endpoint", "https://elsewhere.example"))
        .isProblem(409, "key_bound_to_destination");
    alice.patch("/v1/llm-services/alice/lab", Map.of("api_key", journey.key("second")));
    journey.provider().clear();
    alice.embed("alice/lab").isStatus(200);
    assertThat(journey.provider().requests().get(0).headers("Authorization"))
        .containsExactly("Bearer " + journey.key("second"));
    alice.patch("/v1/llm-services/alice/lab", Collections.singletonMap("api_key", null));
    alice.embed("alice/lab").isRefused(403, "missing_api_key");
  }

  @Test
  void a_provider_that_gives_the_key_back_gives_it_to_nobody() {
    journey.service(alice, "alice/echo");
    for (String model :
        List.of("stub-echo-key-header", "stub-echo-key-body", "stub-echo-key-error")) {
      TestResponse answer = alice.embed("alice/echo", Map.of("model", model, "input", "Hello"));
      assertThat(answer.status()).as(model).isIn(200, 400);
    }
    alice
        .call(
            "alice/echo",
            "chat/completions",
            Map.of(
                "model",
                "stub-echo-key-stream",
                "stream",
                true,
                "messages",
                List.of(Map.of("role", "user", "content", "Hello"))))
        .isStatus(200);
    alice
        .embed("alice/echo", Map.of("model", "stub-unauthorized", "input", "Hello"))
        .isRefused(403, "provider_rejected_key");
    assertThat(journey.provider().requests()).hasSize(5);
  }
}
