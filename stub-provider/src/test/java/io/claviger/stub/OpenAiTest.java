package io.claviger.stub;

import static io.claviger.stub.Caller.data;
import static io.claviger.stub.Caller.events;
import static io.claviger.stub.Caller.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class OpenAiTest {
  private static final String HELLO =
      "\"model\": \"gpt\", \"messages\": [{\"role\": \"user\", \"content\": \"hello you\"}]";

  @AutoClose private final StubProvider stub = StubProvider.start();
  @AutoClose private final Caller caller = new Caller(stub);

  @Test
  void an_embedding_answers_base64_when_asked() throws Exception {
    String asked = "{\"model\": \"e\", \"input\": \"hi\", \"dimensions\": 8";
    JsonNode plain = caller.json("/v1/embeddings", asked + "}");
    JsonNode encoded = caller.json("/v1/embeddings", asked + ", \"encoding_format\": \"base64\"}");

    byte[] bytes = Base64.getDecoder().decode(encoded.at("/data/0/embedding").asString());
    ByteBuffer floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes).hasSize(32);
    for (JsonNode value : plain.at("/data/0/embedding")) {
      assertThat(floats.getFloat()).isEqualTo(value.floatValue());
    }
  }

  @Test
  void every_input_has_its_embedding_in_order() throws Exception {
    JsonNode three =
        caller.json("/v1/embeddings", "{\"input\": [\"a\", \"b\", \"a\"], \"model\": \"e\"}");

    assertThat(three.get("data")).hasSize(3);
    assertThat(three.at("/data/1/index").intValue()).isEqualTo(1);
    assertThat(three.at("/data/2/embedding")).isEqualTo(three.at("/data/0/embedding"));
    assertThat(three.at("/data/1/embedding")).isNotEqualTo(three.at("/data/0/embedding"));
    assertThat(three.at("/usage/prompt_tokens").intValue()).isPositive();
  }

  @Test
  void tokens_are_one_input_and_lists_of_them_several() throws Exception {
    assertThat(caller.json("/v1/embeddings", "{\"input\": [1, 2, 3]}").get("data")).hasSize(1);
    assertThat(caller.json("/v1/embeddings", "{\"input\": [[1], [2, 3]]}").get("data")).hasSize(2);
  }

  @Test
  void a_known_model_has_its_own_dimensions() throws Exception {
    JsonNode small =
        caller.json("/v1/embeddings", "{\"model\": \"text-embedding-3-small\", \"input\": \"a\"}");

    assertThat(small.at("/data/0/embedding")).hasSize(1536);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"input\": \"a\", \"dimensions\": 0}",
        "{\"input\": \"a\", \"dimensions\": 1000000}",
        "{}",
        "{\"input\": ",
        "[]",
        ""
      })
  void what_makes_no_sense_is_400(String body) throws Exception {
    TestResponse response = caller.post("/v1/embeddings", body);

    assertThat(response.status()).isEqualTo(400);
    assertThat(json(response).at("/error/message").asString()).isNotBlank();
  }

  @Test
  void a_chat_repeats_the_last_message() throws Exception {
    TestResponse response = caller.post("/v1/chat/completions", "{" + HELLO + "}");

    assertThat(response.headers().firstValue("x-request-id")).hasValue("stub-call-1");
    JsonNode completion = json(response);
    assertThat(completion.at("/choices/0/message/content").asString())
        .isEqualTo("You said: hello you");
    assertThat(completion.at("/usage/total_tokens").intValue()).isPositive();
  }

  @Test
  void a_chat_streams_its_text_and_says_when_it_is_done() throws Exception {
    TestResponse response =
        caller.post("/v1/chat/completions", "{" + HELLO + ", \"stream\": true}");

    List<JsonNode> chunks = events(response);
    assertThat(response.headers().firstValue("content-type")).hasValue("text/event-stream");
    assertThat(data(response)).last().isEqualTo("[DONE]");
    assertThat(
            chunks.stream()
                .map(chunk -> chunk.at("/choices/0/delta/content").asString(""))
                .collect(Collectors.joining()))
        .isEqualTo("You said: hello you");
    assertThat(chunks).noneMatch(chunk -> chunk.has("usage"));
  }

  @Test
  void a_streamed_chat_tells_its_usage_when_asked() throws Exception {
    String options = ", \"stream\": true, \"stream_options\": {\"include_usage\": true}}";
    List<JsonNode> chunks = events(caller.post("/v1/chat/completions", "{" + HELLO + options));

    JsonNode last = chunks.get(chunks.size() - 1);
    assertThat(last.get("choices")).isEmpty();
    assertThat(last.at("/usage/total_tokens").intValue()).isPositive();
    assertThat(chunks.subList(0, chunks.size() - 1)).allMatch(chunk -> chunk.get("usage").isNull());
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat/completions", "completions"})
  void several_answers_to_a_prompt_are_stated_with_the_output_of_all(String operation)
      throws Exception {
    String body = "{" + HELLO + ", \"prompt\": \"hello you\"%s}";
    JsonNode one = caller.json("/v1/" + operation, body.formatted(""));
    JsonNode three = caller.json("/v1/" + operation, body.formatted(", \"n\": 3"));
    List<JsonNode> chunks =
        events(caller.post("/v1/" + operation, body.formatted(", \"n\": 3, \"stream\": true")));

    assertThat(three.get("choices")).hasSize(3);
    assertThat(three.at("/choices/2/index").intValue()).isEqualTo(2);
    assertThat(three.at("/usage/completion_tokens").intValue())
        .isEqualTo(3 * one.at("/usage/completion_tokens").intValue());
    assertThat(three.at("/usage/prompt_tokens")).isEqualTo(one.at("/usage/prompt_tokens"));
    assertThat(chunks).allMatch(chunk -> chunk.get("choices").size() == 3);
    assertThat(caller.post("/v1/" + operation, body.formatted(", \"n\": 129")).status())
        .isEqualTo(400);
  }

  @Test
  void an_image_is_streamed_with_its_usage_at_the_end() throws Exception {
    String body = "{\"prompt\": \"a\", \"stream\": true, \"partial_images\": 2%s}";
    List<JsonNode> events = events(caller.post("/v1/images/generations", body.formatted("")));
    List<JsonNode> edited = events(caller.post("/v1/images/edits", body.formatted("")));

    assertThat(events)
        .extracting(event -> event.get("type").asString())
        .containsExactly("image_generation.partial_image", "image_generation.completed");
    assertThat(events.getFirst().has("usage")).isFalse();
    assertThat(events.getLast().at("/usage/output_tokens").intValue()).isPositive();
    assertThat(edited.getLast().get("type").asString()).isEqualTo("image_edit.completed");
    assertThat(caller.post("/v1/images/generations", body.formatted(", \"n\": 2")).status())
        .isEqualTo(400);
  }

  @Test
  void a_transcript_is_streamed_unless_it_is_charged_by_the_second() throws Exception {
    TestResponse streamed = transcript("gpt-4o-transcribe");
    List<JsonNode> events = events(streamed);

    assertThat(events.getFirst().get("type").asString()).isEqualTo("transcript.text.delta");
    JsonNode last = events.getLast();
    assertThat(last.get("type").asString()).isEqualTo("transcript.text.done");
    assertThat(last.at("/usage/output_tokens").intValue()).isPositive();
    assertThat(json(transcript("whisper-1")).at("/usage/seconds").intValue()).isPositive();
  }

  private TestResponse transcript(String model) throws Exception {
    String form =
        """
        --b
        Content-Disposition: form-data; name="model"

        %s
        --b
        Content-Disposition: form-data; name="stream"

        true
        --b--
        """
            .formatted(model)
            .replace("\n", "\r\n");
    return caller.post(
        "/v1/audio/transcriptions", form, "content-type", "multipart/form-data; boundary=b");
  }

  @Test
  void a_completion_answers_the_prompt() throws Exception {
    String body = "{\"model\": \"m\", \"prompt\": \"hi\"";

    assertThat(caller.json("/v1/completions", body + "}").at("/choices/0/text").asString())
        .isEqualTo("You said: hi");
    assertThat(data(caller.post("/v1/completions", body + ", \"stream\": true}")))
        .last()
        .isEqualTo("[DONE]");
  }

  @Test
  void a_response_answers_the_input() throws Exception {
    JsonNode response = caller.json("/v1/responses", "{\"model\": \"m\", \"input\": \"hi\"}");

    assertThat(response.at("/output/0/content/0/text").asString()).isEqualTo("You said: hi");
    assertThat(response.at("/usage/input_tokens").intValue()).isPositive();
  }

  @Test
  void a_streamed_response_numbers_its_events() throws Exception {
    List<JsonNode> events =
        events(caller.post("/v1/responses", "{\"input\": \"hi\", \"stream\": true}"));

    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i).get("sequence_number").intValue()).isEqualTo(i);
    }
    assertThat(events.get(0).get("type").asString()).isEqualTo("response.created");
    JsonNode last = events.get(events.size() - 1);
    assertThat(last.get("type").asString()).isEqualTo("response.completed");
    assertThat(last.at("/response/output/0/content/0/text").asString()).isEqualTo("You said: hi");
  }

  @Test
  void a_transcription_is_asked_for_by_a_form() throws Exception {
    String form =
        """
        --b
        Content-Disposition: form-data; name="file"; filename="a.mp3"
        Content-Type: audio/mpeg

        ID3
        --b
        Content-Disposition: form-data; name="model"

        stub-status-418
        --b
        Content-Disposition: form-data; name="prompt"

        hm
        --b--
        """
            .replace("\n", "\r\n");
    String type = "multipart/form-data; boundary=b";

    assertThat(caller.post("/v1/audio/transcriptions", form, "content-type", type).status())
        .isEqualTo(418);
    String harmless = form.replace("stub-status-418", "whisper-1");
    assertThat(
            caller
                .json("/v1/audio/transcriptions", harmless, "content-type", type)
                .get("text")
                .asString())
        .isEqualTo("You said: hm");
  }

  @ParameterizedTest
  @ValueSource(strings = {"moderations", "images/generations", "audio/speech", "rerank"})
  void the_other_operations_answer_too(String operation) throws Exception {
    String body =
        "{\"model\": \"m\", \"input\": \"a\", \"prompt\": \"a\", \"documents\": [\"a\", \"b\"]}";

    assertThat(caller.post("/v1/" + operation, body).status()).isEqualTo(200);
  }

  @Test
  void models_are_listed_and_shown() throws Exception {
    assertThat(json(caller.get("/v1/models")).at("/data/0/id").asString()).isNotBlank();
    assertThat(json(caller.get("/v1/models/a%2Fb")).get("id").asString()).isEqualTo("a/b");
  }

  @Test
  void a_deployment_of_azure_is_reached_with_its_key_header() throws Exception {
    try (StubProvider strict = StubProvider.start(StubOptions.defaults().expectedKey("sk-azure"));
        Caller azure = new Caller(strict)) {
      String path = "/openai/deployments/x/embeddings?api-version=1";
      assertThat(azure.post(path, "{\"input\": \"a\"}", "api-key", "sk-azure").status())
          .isEqualTo(200);
      assertThat(azure.post(path, "{\"input\": \"a\"}", "api-key", "other").status())
          .isEqualTo(401);
    }
  }

  @Test
  void a_path_of_nobody_is_404() throws Exception {
    assertThat(caller.post("/v1/fine_tuning/jobs", "{}").status()).isEqualTo(404);
  }
}
