package io.claviger.stub;

import static io.claviger.stub.Caller.events;
import static io.claviger.stub.Caller.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class AnthropicTest {
  private static final String HELLO =
      "{\"model\": \"claude\", \"max_tokens\": 10, \"messages\":"
          + " [{\"role\": \"user\", \"content\": [{\"type\": \"text\", \"text\": \"hello you\"}]}]";

  @AutoClose
  private final StubProvider stub =
      StubProvider.start(StubOptions.defaults().expectedKey("sk-ant"));

  @AutoClose private final Caller caller = new Caller(stub);
  private final String[] key = {"x-api-key", "sk-ant", "anthropic-version", "2023-06-01"};

  @Test
  void a_message_repeats_the_last_one() throws Exception {
    TestResponse response = caller.post("/v1/messages", HELLO + "}", key);

    assertThat(response.headers().firstValue("request-id")).hasValue("stub-call-1");
    JsonNode message = json(response);
    assertThat(message.at("/content/0/text").asString()).isEqualTo("You said: hello you");
    assertThat(message.at("/usage/output_tokens").intValue()).isPositive();
  }

  @Test
  void a_message_streams_from_message_start_to_message_stop() throws Exception {
    List<JsonNode> events = events(caller.post("/v1/messages", HELLO + ", \"stream\": true}", key));

    assertThat(events.stream().map(event -> event.get("type").asString()).distinct())
        .containsExactly(
            "message_start",
            "content_block_start",
            "ping",
            "content_block_delta",
            "content_block_stop",
            "message_delta",
            "message_stop");
    assertThat(
            events.stream()
                .map(event -> event.at("/delta/text").asString(""))
                .collect(Collectors.joining()))
        .isEqualTo("You said: hello you");
  }

  @Test
  void tokens_are_counted() throws Exception {
    assertThat(
            caller
                .json("/v1/messages/count_tokens", HELLO + "}", key)
                .get("input_tokens")
                .intValue())
        .isPositive();
  }

  @Test
  void models_are_listed_and_shown() throws Exception {
    JsonNode list = json(caller.get("/v1/models", key));

    assertThat(list.at("/data/0/display_name").asString()).isNotBlank();
    assertThat(list.get("has_more").booleanValue()).isFalse();
    assertThat(json(caller.get("/v1/models/claude", key)).get("id").asString()).isEqualTo("claude");
  }

  @Test
  void the_key_may_come_as_a_bearer_token() throws Exception {
    assertThat(caller.post("/v1/messages", HELLO + "}", "authorization", "Bearer sk-ant").status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "400, invalid_request_error", "401, authentication_error", "403, permission_error",
    "404, not_found_error", "413, request_too_large", "429, rate_limit_error",
    "500, api_error", "529, overloaded_error"
  })
  void an_error_has_the_type_of_its_status(int status, String type) throws Exception {
    TestResponse response =
        caller.post("/v1/messages", "{\"model\": \"stub-status-" + status + "\"}", key);

    assertThat(response.status()).isEqualTo(status);
    assertThat(json(response).at("/error/type").asString()).isEqualTo(type);
  }
}
