package io.claviger.stub;

import static io.claviger.stub.Caller.events;
import static io.claviger.stub.Caller.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class GeminiTest {
  private static final String MODEL = "/v1beta/models/gemini-embedding-001";
  private static final String HELLO =
      "{\"contents\": [{\"role\": \"user\", \"parts\": [{\"text\": \"hello you\"}]}]}";

  @AutoClose
  private final StubProvider stub = StubProvider.start(StubOptions.defaults().expectedKey("AIza"));

  @AutoClose private final Caller caller = new Caller(stub);
  private final String[] key = {"x-goog-api-key", "AIza"};

  @Test
  void one_content_has_one_embedding() throws Exception {
    String content = "\"content\": {\"parts\": [{\"text\": \"a\"}]}";
    JsonNode usual = caller.json(MODEL + ":embedContent", "{" + content + "}", key);
    JsonNode shorter =
        caller.json(MODEL + ":embedContent", "{" + content + ", \"outputDimensionality\": 5}", key);

    assertThat(usual.at("/embedding/values")).hasSize(3072);
    assertThat(shorter.at("/embedding/values")).hasSize(5);
  }

  @Test
  void a_batch_has_an_embedding_for_each_request() throws Exception {
    String request =
        "{\"model\": \"m\", \"content\": {\"parts\": [{\"text\": \"a\"}]},"
            + " \"outputDimensionality\": 7}";
    JsonNode answer =
        caller.json(
            MODEL + ":batchEmbedContents",
            "{\"requests\": [%s, %s]}".formatted(request, request),
            key);

    assertThat(answer.get("embeddings")).hasSize(2);
    assertThat(answer.at("/embeddings/1/values")).hasSize(7);
  }

  @Test
  void generated_content_repeats_the_last_one() throws Exception {
    TestResponse response = caller.post(MODEL + ":generateContent", HELLO, key);

    assertThat(response.headers().firstValue("x-goog-request-id")).hasValue("stub-call-1");
    JsonNode answer = json(response);
    assertThat(answer.at("/candidates/0/content/parts/0/text").asString())
        .isEqualTo("You said: hello you");
    assertThat(answer.at("/candidates/0/finishReason").asString()).isEqualTo("STOP");
    assertThat(answer.at("/usageMetadata/totalTokenCount").intValue()).isPositive();
  }

  @Test
  void it_streams_as_events_when_asked() throws Exception {
    TestResponse response = caller.post(MODEL + ":streamGenerateContent?alt=sse", HELLO, key);

    assertThat(
            events(response).stream()
                .map(event -> event.at("/candidates/0/content/parts/0/text").asString())
                .collect(Collectors.joining()))
        .isEqualTo("You said: hello you");
  }

  @Test
  void each_event_states_the_tokens_so_far() throws Exception {
    List<Integer> counts =
        events(caller.post(MODEL + ":streamGenerateContent?alt=sse", HELLO, key)).stream()
            .map(event -> event.at("/usageMetadata/candidatesTokenCount").intValue())
            .toList();

    assertThat(counts).isSorted();
    assertThat(counts.get(0)).isLessThan(counts.get(counts.size() - 1));
  }

  @Test
  void it_streams_as_one_array_otherwise() throws Exception {
    JsonNode array = caller.json(MODEL + ":streamGenerateContent", HELLO, key);

    assertThat(array.isArray()).isTrue();
    assertThat(array.size()).isGreaterThan(1);
  }

  @Test
  void tokens_are_counted() throws Exception {
    assertThat(caller.json(MODEL + ":countTokens", HELLO, key).get("totalTokens").intValue())
        .isPositive();
  }

  @Test
  void models_are_listed_and_shown() throws Exception {
    assertThat(json(caller.get("/v1beta/models", key)).at("/models/0/name").asString())
        .startsWith("models/");
    assertThat(json(caller.get(MODEL, key)).get("name").asString())
        .isEqualTo("models/gemini-embedding-001");
  }

  @Test
  void the_key_may_stand_in_the_query() throws Exception {
    assertThat(caller.post(MODEL + ":countTokens?key=AIza", HELLO).status()).isEqualTo(200);
  }

  @Test
  void a_wrong_key_is_401_in_its_form() throws Exception {
    TestResponse response = caller.post(MODEL + ":countTokens?key=x", HELLO);

    assertThat(response.status()).isEqualTo(401);
    assertThat(json(response).at("/error/code").intValue()).isEqualTo(401);
    assertThat(json(response).at("/error/status").asString()).isEqualTo("UNAUTHENTICATED");
  }

  @Test
  void the_path_may_name_a_behaviour() throws Exception {
    TestResponse response =
        caller.post("/v1beta/models/stub-gemini-key-invalid:generateContent", HELLO, key);

    assertThat(response.status()).isEqualTo(400);
    assertThat(json(response).at("/error/details/0/reason").asString())
        .isEqualTo("API_KEY_INVALID");
  }
}
