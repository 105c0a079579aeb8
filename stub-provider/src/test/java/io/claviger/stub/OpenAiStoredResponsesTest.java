package io.claviger.stub;

import static io.claviger.stub.Caller.events;
import static io.claviger.stub.Caller.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class OpenAiStoredResponsesTest {
  private static final String[] BOB = {"authorization", "Bearer bob"};

  @AutoClose
  private final StubProvider stub =
      StubProvider.start(StubOptions.defaults().batchTime(Duration.ofMillis(1)));

  @AutoClose private final Caller caller = new Caller(stub);

  private JsonNode ask(String fields) {
    return caller.json("/v1/responses", "{\"model\": \"parrot\", " + fields + "}");
  }

  private static String id(JsonNode object) {
    return object.get("id").asString();
  }

  private static String error(TestResponse response) {
    return json(response).at("/error/message").asString();
  }

  @Test
  void a_response_is_stored_unless_the_request_says_otherwise() throws Exception {
    JsonNode stored = ask("\"input\": \"hi\"");
    JsonNode passing = ask("\"input\": \"hi\", \"store\": false");

    assertThat(id(stored)).matches("resp_[0-9a-f]{48}");
    assertThat(json(caller.get("/v1/responses/" + id(stored)))).isEqualTo(stored);
    assertThat(caller.get("/v1/responses/" + id(passing)).status()).isEqualTo(404);
    assertThat(caller.get("/v1/responses/" + id(stored), BOB).status()).isEqualTo(404);
    JsonNode items = json(caller.get("/v1/responses/" + id(stored) + "/input_items"));
    assertThat(items.at("/data/0/content/0/text").asString()).isEqualTo("hi");
    assertThat(items.at("/data/0/id").asString()).matches("msg_[0-9a-f]{48}");
    assertThat(caller.delete("/v1/responses/" + id(stored)).status()).isEqualTo(200);
    assertThat(caller.get("/v1/responses/" + id(stored)).status()).isEqualTo(404);
  }

  @Test
  void a_streamed_response_is_stored_too() throws Exception {
    List<JsonNode> events =
        events(caller.post("/v1/responses", "{\"input\": \"hi\", \"stream\": true}"));

    String id = events.get(0).at("/response/id").asString();
    assertThat(json(caller.get("/v1/responses/" + id)).get("status").asString())
        .isEqualTo("completed");
  }

  @Test
  void a_chain_of_responses_grows_its_input() throws Exception {
    JsonNode first = ask("\"input\": \"first\"");
    JsonNode second = ask("\"input\": \"second\", \"previous_response_id\": \"" + id(first) + "\"");

    assertThat(second.at("/usage/input_tokens").asInt())
        .isGreaterThan(first.at("/usage/input_tokens").asInt());
    assertThat(second.at("/output/0/content/0/text").asString()).isEqualTo("You said: second");
    assertThat(json(caller.get("/v1/responses/" + id(second) + "/input_items")).get("data"))
        .hasSize(3);
  }

  @Test
  void a_previous_response_of_another_account_does_not_exist() throws Exception {
    String first = id(ask("\"input\": \"first\""));

    TestResponse refused =
        caller.post(
            "/v1/responses",
            "{\"input\": \"a\", \"stream\": true, \"previous_response_id\": \"" + first + "\"}",
            BOB);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(json(refused).at("/error/code").asString()).isEqualTo("previous_response_not_found");
    assertThat(json(refused).at("/error/param").asString()).isEqualTo("previous_response_id");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404 | \"input\": [{\"type\": \"item_reference\", \"id\": \"msg_1\"}]",
        "404 | \"input\": [{\"id\": \"msg_1\"}]",
        "404 | \"input\": [{\"type\": \"reasoning\", \"id\": \"rs_1\", \"summary\": []}]",
        "404 | \"input\": [{\"type\": \"image_generation_call\", \"id\": \"ig_1\"}]",
        "400 | \"input\": [{\"type\": \"mcp_approval_response\", \"approval_request_id\": \"mcpr_1\"}]",
        "404 | \"input\": \"a\", \"conversation\": \"conv_1\"",
        "404 | \"input\": \"a\", \"conversation\": {\"id\": \"conv_1\"}",
        "404 | \"prompt\": {\"id\": \"pmpt_1\"}",
        "404 | \"input\": [{\"role\": \"user\", \"content\": [{\"type\": \"input_file\", \"file_id\": \"file-1\"}]}]",
        "404 | \"input\": \"a\", \"tools\": [{\"type\": \"file_search\", \"vector_store_ids\": [\"vs_1\"]}]",
        "404 | \"input\": \"a\", \"tools\": [{\"type\": \"code_interpreter\", \"container\": \"cntr_1\"}]",
        "400 | \"input\": \"a\", \"previous_response_id\": \"resp_1\", \"conversation\": \"conv_1\"",
        "200 | \"input\": [{\"role\": \"user\", \"content\": \"msg_1 and file-1\"}]",
        "200 | \"input\": [{\"type\": \"message\", \"role\": \"assistant\", \"id\": \"msg_1\", \"content\": []}]",
        "200 | \"input\": [{\"type\": \"reasoning\", \"id\": \"rs_1\", \"summary\": [], \"encrypted_content\": \"a\"}]"
      })
  void a_reference_to_nothing_is_refused(int status, String fields) throws Exception {
    assertThat(caller.post("/v1/responses", "{\"model\": \"parrot\", " + fields + "}").status())
        .isEqualTo(status);
  }

  @Test
  void references_to_what_the_account_has_pass() throws Exception {
    JsonNode first = ask("\"input\": \"first\"");
    String item = first.at("/output/0/id").asString();
    String reference = "\"input\": [{\"type\": \"item_reference\", \"id\": \"" + item + "\"}]";

    assertThat(item).matches("msg_[0-9a-f]{48}");
    assertThat(ask(reference).get("status").asString()).isEqualTo("completed");
    assertThat(ask("\"prompt\": {\"id\": \"" + stub.promptId("") + "\"}").get("status").asString())
        .isEqualTo("completed");
    assertThat(error(caller.post("/v1/responses", "{" + reference + "}", BOB)))
        .isEqualTo("Item with id '" + item + "' not found.");
  }

  @Test
  void reasoning_is_sent_back_encrypted_or_by_what_is_stored() throws Exception {
    JsonNode stored = caller.json("/v1/responses", "{\"model\": \"gpt-5\", \"input\": \"a\"}");
    JsonNode passing =
        caller.json(
            "/v1/responses",
            "{\"model\": \"gpt-5\", \"input\": \"a\", \"store\": false, \"include\": [\"reasoning.encrypted_content\"]}");
    JsonNode lost =
        caller.json("/v1/responses", "{\"model\": \"gpt-5\", \"input\": \"a\", \"store\": false}");

    assertThat(stored.at("/output/0/id").asString()).matches("rs_[0-9a-f]{48}");
    assertThat(stored.at("/output/0").has("encrypted_content")).isFalse();
    assertThat(ask("\"input\": " + stored.get("output")).get("status").asString())
        .isEqualTo("completed");
    assertThat(ask("\"input\": " + passing.get("output")).get("status").asString())
        .isEqualTo("completed");
    TestResponse refused = caller.post("/v1/responses", "{\"input\": " + lost.get("output") + "}");
    assertThat(refused.status()).isEqualTo(404);
    assertThat(error(refused)).contains("not found. Items are not persisted when `store` is set");
    TestResponse foreign =
        caller.post("/v1/responses", "{\"input\": " + passing.get("output") + "}", BOB);
    assertThat(json(foreign).at("/error/code").asString()).isEqualTo("invalid_encrypted_content");
    String message = "{\"input\": [" + stored.at("/output/1") + "]}";
    assertThat(error(caller.post("/v1/responses", message))).contains("required 'reasoning' item");
  }

  @Test
  void a_model_that_does_not_reason_has_no_encrypted_reasoning() throws Exception {
    TestResponse refused =
        caller.post(
            "/v1/responses",
            "{\"model\": \"gpt-4o\", \"input\": \"a\", \"include\": [\"reasoning.encrypted_content\"]}");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(json(refused).at("/error/param").asString()).isEqualTo("include");
  }

  @Test
  void streamed_reasoning_comes_before_the_message() throws Exception {
    List<JsonNode> events =
        events(
            caller.post(
                "/v1/responses", "{\"model\": \"gpt-5\", \"input\": \"hi\", \"stream\": true}"));

    assertThat(events.get(2).at("/item/type").asString()).isEqualTo("reasoning");
    JsonNode last = events.get(events.size() - 1);
    assertThat(last.at("/response/output/1/content/0/text").asString()).isEqualTo("You said: hi");
  }

  @Test
  void a_response_in_the_background_ends_later_or_is_cancelled() throws Exception {
    try (StubProvider slow =
            StubProvider.start(StubOptions.defaults().batchTime(Duration.ofHours(1)));
        Caller other = new Caller(slow)) {
      String body = "{\"model\": \"parrot\", \"input\": \"a\", \"background\": true}";
      JsonNode begun = other.json("/v1/responses", body);
      assertThat(begun.get("status").asString()).isEqualTo("queued");
      String cancel = "/v1/responses/" + id(begun) + "/cancel";
      assertThat(other.json(cancel, "").get("status").asString()).isEqualTo("cancelled");
      String passing = id(other.json("/v1/responses", "{\"input\": \"a\"}"));
      assertThat(other.post("/v1/responses/" + passing + "/cancel", "").status()).isEqualTo(400);
    }
  }

  @Test
  void a_tool_with_a_container_makes_one() throws Exception {
    JsonNode response =
        ask(
            "\"input\": \"a\", \"tools\": [{\"type\": \"code_interpreter\", \"container\": {\"type\": \"auto\"}}]");

    String container = response.at("/output/0/container_id").asString();
    assertThat(json(caller.get("/v1/containers/" + container)).get("status").asString())
        .isEqualTo("running");
  }

  @Test
  void a_conversation_keeps_what_was_said() throws Exception {
    JsonNode conversation =
        caller.json(
            "/v1/conversations",
            "{\"metadata\": {\"a\": \"b\"}, \"items\": [{\"role\": \"user\", \"content\": \"first\"}]}");
    String path = "/v1/conversations/" + id(conversation);
    String asked = "\"input\": \"second\", \"conversation\": \"" + id(conversation) + "\"";
    ask(asked);
    ask(asked + ", \"store\": false");

    JsonNode items = json(caller.get(path + "/items?order=asc"));

    assertThat(id(conversation)).matches("conv_[0-9a-f]{48}");
    assertThat(items.get("data")).hasSize(5);
    assertThat(items.at("/data/0/content/0/text").asString()).isEqualTo("first");
    String item = items.at("/data/1/id").asString();
    assertThat(json(caller.get(path + "/items/" + item)).get("role").asString()).isEqualTo("user");
    assertThat(id(json(caller.delete(path + "/items/" + item)))).isEqualTo(id(conversation));
    assertThat(caller.get(path + "/items/" + item).status()).isEqualTo(404);
    assertThat(
            caller
                .json(path + "/items", "{\"items\": [{\"role\": \"user\", \"content\": \"x\"}]}")
                .get("data"))
        .hasSize(1);
    assertThat(caller.get(path + "/items", BOB).status()).isEqualTo(404);
    assertThat(caller.json(path, "{\"metadata\": {\"c\": \"d\"}}").at("/metadata/c").asString())
        .isEqualTo("d");
    assertThat(json(caller.delete(path)).get("object").asString())
        .isEqualTo("conversation.deleted");
  }

  @Test
  void a_chat_is_stored_only_if_the_request_says_so() throws Exception {
    String body =
        "\"model\": \"parrot\", \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]";
    caller.json("/v1/chat/completions", "{" + body + "}");
    JsonNode stored = caller.json("/v1/chat/completions", "{" + body + ", \"store\": true}");
    caller.post("/v1/chat/completions", "{" + body + ", \"store\": true, \"stream\": true}");
    String path = "/v1/chat/completions/" + id(stored);

    JsonNode all = json(caller.get("/v1/chat/completions?model=parrot"));

    assertThat(id(stored)).matches("chatcmpl-[A-Za-z0-9]{29}");
    assertThat(all.get("data")).hasSize(2);
    assertThat(id(all.at("/data/0"))).isEqualTo(id(stored));
    assertThat(json(caller.get(path + "/messages")).at("/data/0/content").asString())
        .isEqualTo("hi");
    assertThat(caller.json(path, "{\"metadata\": {\"a\": \"b\"}}").at("/metadata/a").asString())
        .isEqualTo("b");
    assertThat(caller.get(path, BOB).status()).isEqualTo(404);
    assertThat(json(caller.delete(path)).get("deleted").asBoolean()).isTrue();
    assertThat(caller.get(path).status()).isEqualTo(404);
  }

  @Test
  void input_that_was_sent_before_with_the_same_key_is_cached() throws Exception {
    String words = "word ".repeat(1_000);
    String body =
        "{\"model\": \"parrot\", \"prompt_cache_key\": \"%s\", \"input\": \"" + words + "\"}";

    assertThat(cached(body.formatted("a"))).isZero();
    assertThat(cached(body.formatted("a"))).isEqualTo(1_152);
    int foreign = 0;
    for (int i = 0; i < 500; i++) {
      foreign += cached(body.formatted("b" + i)) > 0 ? 1 : 0;
    }
    assertThat(foreign).isBetween(1, 15);
    assertThat(cached(body.formatted("a"), BOB)).isZero();
  }

  private int cached(String body, String... headers) {
    return caller
        .json("/v1/responses", body, headers)
        .at("/usage/input_tokens_details/cached_tokens")
        .asInt();
  }
}
