package io.claviger.stub;

import static io.claviger.stub.Caller.data;
import static io.claviger.stub.Caller.events;
import static io.claviger.stub.Caller.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class CohereTest {
  private static final String HELLO =
      "{\"model\": \"c\", \"messages\": [{\"role\": \"user\", \"content\": \"hello you\"}]";

  @AutoClose
  private final StubProvider stub = StubProvider.start(StubOptions.defaults().expectedKey("co-1"));

  @AutoClose private final Caller caller = new Caller(stub);
  private final String[] key = {"authorization", "Bearer co-1"};

  @Test
  void embeddings_come_by_the_types_asked_for() throws Exception {
    JsonNode answer =
        caller.json(
            "/v2/embed",
            "{\"texts\": [\"a\", \"b\"], \"output_dimension\": 4,"
                + " \"embedding_types\": [\"float\", \"int8\", \"uint8\", \"base64\"]}",
            key);

    assertThat(answer.get("response_type").asString()).isEqualTo("embeddings_by_type");
    assertThat(answer.at("/embeddings/float")).hasSize(2);
    assertThat(answer.at("/embeddings/int8/1")).hasSize(4);
    assertThat(answer.at("/embeddings/uint8/1")).allMatch(value -> value.intValue() > 0);
    assertThat(answer.at("/embeddings/base64/0").isString()).isTrue();
    assertThat(answer.at("/meta/billed_units/input_tokens").intValue()).isPositive();
  }

  @Test
  void inputs_of_several_parts_are_one_embedding_each() throws Exception {
    String input = "{\"content\": [{\"type\": \"text\", \"text\": \"a\"}]}";
    JsonNode answer =
        caller.json("/v2/embed", "{\"inputs\": [%s, %s]}".formatted(input, input), key);

    assertThat(answer.at("/embeddings/float")).hasSize(2);
  }

  @Test
  void the_first_version_embeds_without_types() throws Exception {
    JsonNode answer =
        caller.json("/v1/embed", "{\"model\": \"embed-english-v3.0\", \"texts\": [\"a\"]}", key);

    assertThat(answer.get("response_type").asString()).isEqualTo("embeddings_floats");
    assertThat(answer.at("/embeddings/0")).hasSize(1024);
  }

  @Test
  void a_chat_repeats_the_last_message() throws Exception {
    TestResponse response = caller.post("/v2/chat", HELLO + "}", key);

    assertThat(response.headers().firstValue("x-debug-trace-id")).hasValue("stub-call-1");
    JsonNode answer = json(response);
    assertThat(answer.at("/message/content/0/text").asString()).isEqualTo("You said: hello you");
    assertThat(answer.at("/usage/billed_units/input_tokens").intValue()).isPositive();
  }

  @Test
  void a_chat_takes_more_tokens_than_are_billed() throws Exception {
    JsonNode usage = caller.json("/v2/chat", HELLO + "}", key).get("usage");
    List<JsonNode> events = events(caller.post("/v2/chat", HELLO + ", \"stream\": true}", key));

    assertThat(usage.at("/tokens/input_tokens").intValue())
        .isGreaterThan(usage.at("/billed_units/input_tokens").intValue());
    assertThat(events.get(events.size() - 1).at("/delta/usage")).isEqualTo(usage);
  }

  @Test
  void a_chat_streams_from_message_start_to_message_end() throws Exception {
    TestResponse response = caller.post("/v2/chat", HELLO + ", \"stream\": true}", key);

    List<JsonNode> events = events(response);
    assertThat(data(response)).last().isEqualTo("[DONE]");
    assertThat(events.get(0).get("type").asString()).isEqualTo("message-start");
    assertThat(events)
        .last()
        .extracting(event -> event.get("type").asString())
        .isEqualTo("message-end");
    assertThat(
            events.stream()
                .map(event -> event.at("/delta/message/content/text").asString(""))
                .collect(Collectors.joining()))
        .isEqualTo("You said: hello you");
  }

  @Test
  void the_first_version_of_chat_streams_lines() throws Exception {
    TestResponse response = caller.post("/v1/chat", "{\"message\": \"hi\", \"stream\": true}", key);

    List<JsonNode> lines = response.body().lines().map(Caller::json).toList();
    assertThat(lines.get(0).get("event_type").asString()).isEqualTo("stream-start");
    JsonNode last = lines.get(lines.size() - 1);
    assertThat(last.get("is_finished").booleanValue()).isTrue();
    assertThat(last.at("/response/text").asString()).isEqualTo("You said: hi");
    assertThat(last.at("/response/meta/tokens/input_tokens").intValue()).isPositive();
    assertThat(caller.json("/v1/chat", "{\"message\": \"hi\"}", key).get("text").asString())
        .isEqualTo("You said: hi");
  }

  @Test
  void documents_are_ranked_as_many_as_wanted() throws Exception {
    String body = "{\"query\": \"q\", \"documents\": [\"a\", \"b\", \"c\"], \"top_n\": 2}";

    assertThat(caller.json("/v2/rerank", body, key).get("results")).hasSize(2);
    assertThat(caller.json("/v1/rerank", body, key).at("/meta/api_version/version").asString())
        .isEqualTo("1");
  }

  @Test
  void what_was_tokenized_can_be_put_together_again() throws Exception {
    JsonNode tokens = caller.json("/v1/tokenize", "{\"text\": \"né!\"}", key).get("tokens");

    assertThat(tokens).hasSize(3);
    assertThat(
            caller
                .json("/v1/detokenize", "{\"tokens\": " + tokens + "}", key)
                .get("text")
                .asString())
        .isEqualTo("né!");
    assertThat(caller.post("/v1/detokenize", "{\"tokens\": [-1]}", key).status()).isEqualTo(400);
  }

  @Test
  void models_are_listed() throws Exception {
    assertThat(json(caller.get("/v1/models?page_size=10", key)).at("/models/0/name").asString())
        .isNotBlank();
    assertThat(json(caller.get("/cohere/v1/models", key)).get("models")).isNotEmpty();
  }

  @Test
  void a_wrong_key_is_401_in_its_form() throws Exception {
    TestResponse response = caller.post("/v2/embed", "{}", "authorization", "Bearer x");

    assertThat(response.status()).isEqualTo(401);
    assertThat(json(response).get("message").asString()).isNotBlank();
  }
}
