package io.claviger.stub;

import static io.claviger.stub.Caller.events;
import static io.claviger.stub.Caller.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class StatedUsageTest {
  private static final String ASKED =
      "stub:usage cached=100 written_5m=20 written_1h=30 reasoning=7 audio_in=5 images=3";

  @AutoClose
  private final StubProvider stub =
      StubProvider.start(
          StubOptions.defaults().models(IntStream.range(0, 7).mapToObj(i -> "m" + i).toList()));

  @AutoClose private final Caller caller = new Caller(stub);

  @Test
  void a_chat_counts_cached_and_reasoning_tokens_in_its_sums() {
    JsonNode usage =
        caller
            .json(
                "/v1/chat/completions",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"%s\"}]}".formatted(ASKED))
            .get("usage");

    assertThat(usage.at("/prompt_tokens_details/cached_tokens").intValue()).isEqualTo(100);
    assertThat(usage.at("/prompt_tokens_details/cache_write_tokens").intValue()).isEqualTo(50);
    assertThat(usage.at("/prompt_tokens_details/audio_tokens").intValue()).isEqualTo(5);
    assertThat(usage.at("/completion_tokens_details/reasoning_tokens").intValue()).isEqualTo(7);
    assertThat(usage.get("prompt_tokens").intValue()).isGreaterThan(150);
    assertThat(usage.get("total_tokens").intValue())
        .isEqualTo(
            usage.get("prompt_tokens").intValue() + usage.get("completion_tokens").intValue());
  }

  @Test
  void anthropic_counts_cached_tokens_beside_the_fresh_ones() {
    JsonNode usage =
        caller
            .json(
                "/v1/messages",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"%s\"}]}".formatted(ASKED))
            .get("usage");

    assertThat(usage.get("cache_read_input_tokens").intValue()).isEqualTo(100);
    assertThat(usage.get("cache_creation_input_tokens").intValue()).isEqualTo(50);
    assertThat(usage.at("/cache_creation/ephemeral_1h_input_tokens").intValue()).isEqualTo(30);
    assertThat(usage.get("input_tokens").intValue()).isLessThan(50);
  }

  @Test
  void gemini_counts_its_thoughts_apart() {
    JsonNode usage =
        caller
            .json(
                "/v1beta/models/m:generateContent",
                "{\"contents\": [{\"parts\": [{\"text\": \"%s\"}]}]}".formatted(ASKED))
            .get("usageMetadata");

    assertThat(usage.get("cachedContentTokenCount").intValue()).isEqualTo(100);
    assertThat(usage.get("thoughtsTokenCount").intValue()).isEqualTo(7);
    assertThat(usage.at("/promptTokensDetails/1/modality").asString()).isEqualTo("AUDIO");
    assertThat(usage.at("/promptTokensDetails/1/tokenCount").intValue()).isEqualTo(5);
  }

  @Test
  void a_streamed_completion_states_its_usage_only_when_asked() {
    String body = "{\"prompt\": \"hi\", \"stream\": true";
    String options = ", \"stream_options\": {\"include_usage\": true}}";

    assertThat(events(caller.post("/v1/completions", body + "}")))
        .noneMatch(chunk -> chunk.has("usage"));
    List<JsonNode> asked = events(caller.post("/v1/completions", body + options));
    JsonNode last = asked.get(asked.size() - 1);
    assertThat(last.get("choices")).isEmpty();
    assertThat(last.at("/usage/total_tokens").intValue()).isPositive();
    assertThat(asked.subList(0, asked.size() - 1)).allMatch(chunk -> chunk.get("usage").isNull());
  }

  @Test
  void an_image_is_generated_as_often_as_asked() {
    JsonNode images =
        caller.json("/v1/images/generations", "{\"prompt\": \"%s\", \"n\": 3}".formatted(ASKED));

    assertThat(images.get("data")).hasSize(3);
    assertThat(images.at("/usage/input_tokens_details/image_tokens").intValue()).isEqualTo(3);
    assertThat(caller.post("/v1/images/edits", "{\"prompt\": \"a\"}").status()).isEqualTo(200);
    assertThat(caller.post("/v1/images/edits", "{\"n\": 11}").status()).isEqualTo(400);
  }

  @Test
  void a_conversation_is_compacted() {
    assertThat(caller.json("/v1/responses/compact", "{\"input\": \"a\"}").get("object").asString())
        .isEqualTo("response.compaction");
  }

  @ParameterizedTest
  @CsvSource({
    "/v1beta/models?pageSize=3, pageToken, /nextPageToken, /models, /name",
    "/v1/models?page_size=3, page_token, /next_page_token, /models, /name"
  })
  void models_are_listed_page_by_page(
      String path, String parameter, String next, String list, String name) {
    List<String> names = new ArrayList<>();
    String token = "";
    do {
      JsonNode page = json(caller.get(path + "&" + parameter + "=" + token));
      page.at(list).forEach(model -> names.add(model.at(name).asString()));
      token = page.at(next).asString("");
    } while (!token.isEmpty());

    assertThat(names).hasSize(7).last().asString().endsWith("m6");
  }

  @Test
  void anthropic_lists_models_after_and_before_one() {
    String[] version = {"anthropic-version", "2023-06-01"};
    JsonNode after = json(caller.get("/v1/models?limit=2&after_id=m1", version));
    JsonNode before = json(caller.get("/v1/models?before_id=m1", version));

    assertThat(after.get("first_id").asString()).isEqualTo("m2");
    assertThat(after.get("last_id").asString()).isEqualTo("m3");
    assertThat(after.get("has_more").booleanValue()).isTrue();
    assertThat(before.get("data")).hasSize(1);
    assertThat(caller.get("/v1/models?after_id=other", version).status()).isEqualTo(400);
  }
}
