package io.claviger.gateway.usage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the providers' usage statements say, part by part. */
class UsageStatementsTest {
  /**
   * Input, output; then cached, written for 5 minutes, for an hour, reasoning, audio in, audio out,
   * tokens of images, in and out; and input that is not billed.
   */
  private static final String CASES =
      """
      chat | 2006 300 1920 0 0 192 0 0 0 0
      {"id":"c","choices":[{"message":{"content":"x"}}],"usage":{"prompt_tokens":2006,"completion_tokens":300,\
      "total_tokens":2306,"prompt_tokens_details":{"cached_tokens":1920,"audio_tokens":0},\
      "completion_tokens_details":{"reasoning_tokens":192,"audio_tokens":0,"accepted_prediction_tokens":0,\
      "rejected_prediction_tokens":0}},"service_tier":"default"}
      chat with audio | 120 80 0 0 0 0 90 64 0 0
      {"usage":{"prompt_tokens":120,"completion_tokens":80,"prompt_tokens_details":{"text_tokens":30,\
      "audio_tokens":90,"image_tokens":0,"cached_tokens":0},"completion_tokens_details":{"text_tokens":16,\
      "audio_tokens":64,"reasoning_tokens":0}}}
      deepseek | 100 5 64 0 0 0 0 0 0 0
      {"usage":{"prompt_tokens":100,"completion_tokens":5,"prompt_cache_hit_tokens":64,"prompt_cache_miss_tokens":36}}
      null details | 10 5 0 0 0 0 0 0 0 0
      {"usage":{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":null,"completion_tokens_details":null}}
      responses | 75 1186 40 0 0 1024 0 0 0 0
      {"object":"response","usage":{"input_tokens":75,"input_tokens_details":{"cached_tokens":40},\
      "output_tokens":1186,"output_tokens_details":{"reasoning_tokens":1024},"total_tokens":1261}}
      chat that is written to a cache | 2006 300 1920 60 0 0 0 0 0 0
      {"usage":{"prompt_tokens":2006,"completion_tokens":300,"total_tokens":2306,\
      "prompt_tokens_details":{"cached_tokens":1920,"cache_write_tokens":60}}}
      responses that write more than there is | 75 9 40 35 0 0 0 0 0 0
      {"usage":{"input_tokens":75,"input_tokens_details":{"cached_tokens":40,"cache_write_tokens":70},"output_tokens":9}}
      images | 50 4160 0 0 0 0 0 0 40 0
      {"created":1,"data":[{"b64_json":"AA=="}],"usage":{"total_tokens":4210,"input_tokens":50,\
      "output_tokens":4160,"input_tokens_details":{"text_tokens":10,"image_tokens":40}}}
      chat about pictures and videos | 100 5 0 0 0 0 10 0 60 0
      {"usage":{"prompt_tokens":100,"completion_tokens":5,"prompt_tokens_details":{"audio_tokens":10,\
      "image_tokens":20,"video_tokens":40}}}
      responses about a video | 75 9 40 0 0 0 0 0 30 0
      {"usage":{"input_tokens":75,"input_tokens_details":{"cached_tokens":40,"video_tokens":30},"output_tokens":9}}
      transcription | 14 45 0 0 0 0 14 0 0 0
      {"text":"hm","usage":{"type":"tokens","input_tokens":14,"input_token_details":{"text_tokens":0,\
      "audio_tokens":14},"output_tokens":45,"total_tokens":59}}
      session with a cache | 5000 80 4500 0 0 0 400 64 0 0
      {"type":"response.done","response":{"usage":{"total_tokens":5080,"input_tokens":5000,"output_tokens":80,\
      "input_token_details":{"text_tokens":900,"audio_tokens":4000,"image_tokens":100,"cached_tokens":4500,\
      "cached_tokens_details":{"text_tokens":800,"audio_tokens":3600,"image_tokens":100}},\
      "output_token_details":{"text_tokens":16,"audio_tokens":64}}}}
      embedding | 8 0 0 0 0 0 0 0 0 0
      {"data":[],"usage":{"prompt_tokens":8,"total_tokens":8}}
      anthropic | 2395 503 2000 100 245 0 0 0 0 0
      {"type":"message","usage":{"input_tokens":50,"cache_creation_input_tokens":345,"cache_read_input_tokens":2000,\
      "cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":245},"output_tokens":503,\
      "service_tier":"standard"}}
      anthropic without the times | 395 5 0 345 0 0 0 0 0 0
      {"usage":{"input_tokens":50,"cache_creation_input_tokens":345,"cache_read_input_tokens":0,"output_tokens":5}}
      anthropic stream | 372 89 300 22 0 0 0 0 0 0
      event: message_start
      data: {"type":"message_start","message":{"usage":{"input_tokens":50,"cache_creation_input_tokens":22,\
      "cache_read_input_tokens":300,"cache_creation":{"ephemeral_5m_input_tokens":22,"ephemeral_1h_input_tokens":0},\
      "output_tokens":4}}}

      event: message_delta
      data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":89}}
      anthropic iterations | 16 7 1 5 3 0 0 0 0 0
      {"usage":{"input_tokens":3,"output_tokens":2,"iterations":[{"input_tokens":4,"cache_read_input_tokens":1,\
      "output_tokens":5},{"input_tokens":3,"cache_creation_input_tokens":8,"cache_creation":\
      {"ephemeral_5m_input_tokens":5,"ephemeral_1h_input_tokens":3},"output_tokens":2}]}}
      gemini | 1300 450 1000 0 0 400 25 0 258 0
      {"candidates":[],"usageMetadata":{"promptTokenCount":1300,"candidatesTokenCount":50,"totalTokenCount":1750,\
      "cachedContentTokenCount":1000,"promptTokensDetails":[{"modality":"TEXT","tokenCount":1010},\
      {"modality":"AUDIO","tokenCount":32},{"modality":"IMAGE","tokenCount":258}],\
      "cacheTokensDetails":[{"modality":"AUDIO","tokenCount":7}],"thoughtsTokenCount":400}}
      gemini video | 850 5 0 0 0 0 10 0 582 0
      {"usageMetadata":{"promptTokenCount":850,"candidatesTokenCount":5,"promptTokensDetails":[{"modality":"TEXT",\
      "tokenCount":258},{"modality":"VIDEO","tokenCount":582},{"modality":"AUDIO","tokenCount":10}]}}
      gemini embedding | 348 0 0 0 0 0 32 0 306 0
      {"embedding":{"values":[0.1]},"usageMetadata":{"promptTokenCount":348,"promptTokenDetails":[{"modality":"TEXT",\
      "tokenCount":10},{"modality":"VIDEO","tokenCount":48},{"modality":"AUDIO","tokenCount":32},\
      {"modality":"IMAGE","tokenCount":258}]}}
      gemini image | 9 1290 0 0 0 0 0 0 0 1290
      {"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":1290,"promptTokensDetails":[{"modality":"TEXT",\
      "tokenCount":9}],"candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":1290}]}}
      gemini stream | 20 31 0 0 0 24 10 0 0 0
      data: {"candidates":[{"content":{"parts":[{"text":"AUDIO"}]}}],"usageMetadata":{"promptTokenCount":20,\
      "promptTokensDetails":[{"modality":"TEXT","tokenCount":10},{"modality":"AUDIO","tokenCount":10}],\
      "thoughtsTokenCount":24}}

      data: {"candidates":[{"content":{"parts":[{"text":"b"}]}}],"usageMetadata":{"promptTokenCount":20,\
      "candidatesTokenCount":7,"promptTokensDetails":[{"modality":"TEXT","tokenCount":10},\
      {"modality":"AUDIO","tokenCount":10}],"thoughtsTokenCount":24}}
      cohere | 71 7 12 0 0 0 0 0 0 0 66
      {"usage":{"billed_units":{"input_tokens":5,"output_tokens":7},"tokens":{"input_tokens":71,"output_tokens":7},\
      "cached_tokens":12}}
      cohere lines | 71 7 0 0 0 0 0 0 0 0 66
      {"is_finished":false,"event_type":"text-generation","text":"x"}
      {"is_finished":true,"event_type":"stream-end","response":{"text":"x","meta":{"billed_units":{"input_tokens":5,\
      "output_tokens":7},"tokens":{"input_tokens":71,"output_tokens":7}}}}
      cohere embedding of images | 2716 0 0 0 0 0 0 0 2716 0
      {"id":"e","embeddings":{"float":[[0.1]]},"texts":[],"meta":{"api_version":{"version":"2"},\
      "billed_units":{"images":null,"input_tokens":0.0,"image_tokens":2716,"output_tokens":null}}}
      cohere embedding of texts and images | 260832 0 0 0 0 0 0 0 260736 0
      {"id":"e","response_type":"embeddings_by_type","meta":{"api_version":{"version":"1"},\
      "billed_units":{"images":96,"image_tokens":260736.0,"input_tokens":96.0}}}
      cohere embedding of texts | 96 0 0 0 0 0 0 0 0 0
      {"id":"e","meta":{"billed_units":{"image_tokens":null,"input_tokens":96}}}
      cohere with images beside the used tokens | 110 7 0 0 0 0 0 0 100 0
      {"usage":{"billed_units":{"input_tokens":10,"image_tokens":100,"output_tokens":7},"tokens":{"input_tokens":71,\
      "output_tokens":7}}}
      cohere with images among the used tokens | 171 7 0 0 0 0 0 0 100 0 61
      {"usage":{"billed_units":{"input_tokens":10,"image_tokens":100,"output_tokens":7},"tokens":{"input_tokens":171,\
      "output_tokens":7}}}
      xai | 32 309 6 0 0 300 0 0 0 0
      {"usage":{"prompt_tokens":32,"completion_tokens":9,"total_tokens":341,"prompt_tokens_details":{"text_tokens":32,\
      "audio_tokens":0,"image_tokens":0,"cached_tokens":6},"completion_tokens_details":{"reasoning_tokens":300,\
      "audio_tokens":0},"num_sources_used":0}}
      perplexity research | 20049 201110 0 0 0 193947 0 0 0 0
      {"usage":{"prompt_tokens":33,"completion_tokens":7163,"total_tokens":7196,"search_context_size":"low",\
      "citation_tokens":20016,"num_search_queries":21,"reasoning_tokens":193947}}
      perplexity research that writes more than it thinks | 13 1100 0 0 0 100 0 0 0 0
      {"usage":{"prompt_tokens":3,"completion_tokens":1000,"total_tokens":1003,"citation_tokens":10,"reasoning_tokens":100}}
      perplexity research without citations | 3 1100 0 0 0 100 0 0 0 0
      {"usage":{"reasoning_tokens":100,"citation_tokens":0,"prompt_tokens":3,"completion_tokens":1000,"total_tokens":1003}}
      perplexity research with all of it in its total | 13 1100 0 0 0 100 0 0 0 0
      {"usage":{"prompt_tokens":3,"completion_tokens":1000,"total_tokens":1113,"citation_tokens":10,"reasoning_tokens":100}}
      perplexity research in a stream | 33 507 0 0 0 500 0 0 0 0
      data: {"choices":[{"delta":{"content":"x"}}],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4,\
      "citation_tokens":20,"reasoning_tokens":400}}

      data: {"choices":[{"delta":{"content":"x"}}],"usage":{"prompt_tokens":3,"completion_tokens":7,"total_tokens":10,\
      "citation_tokens":30,"reasoning_tokens":500}}
      perplexity response from a cache | 100 7 60 30 0 0 0 0 0 0
      {"usage":{"input_tokens":100,"output_tokens":7,"total_tokens":107,"input_tokens_details":{\
      "cache_read_input_tokens":60,"cache_creation_input_tokens":30},"cost":{"cache_read_cost":0.1}}}
      perplexity search | 14 200 0 0 0 0 0 0 0 0
      {"usage":{"prompt_tokens":14,"completion_tokens":200,"total_tokens":214,"search_context_size":"low",\
      "citation_tokens":null,"num_search_queries":null,"reasoning_tokens":null}}
      more reasoning than output | 5 107 0 0 0 100 0 0 0 0
      {"usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12,"reasoning_tokens":100}}
      reasoning beside a total with it | 5 107 0 0 0 7 0 0 0 0
      {"usage":{"prompt_tokens":5,"completion_tokens":100,"total_tokens":112,"reasoning_tokens":7}}
      sglang | 5 100 0 0 0 70 0 0 0 0
      {"usage":{"prompt_tokens":5,"total_tokens":105,"completion_tokens":100,"prompt_tokens_details":null,"reasoning_tokens":70}}
      sglang that only thinks | 5 100 0 0 0 100 0 0 0 0
      {"usage":{"prompt_tokens":5,"total_tokens":105,"completion_tokens":100,"reasoning_tokens":100}}
      sglang that does not think | 5 100 0 0 0 0 0 0 0 0
      {"usage":{"prompt_tokens":5,"total_tokens":105,"completion_tokens":100,"reasoning_tokens":0}}
      sglang in a stream | 5 9 0 0 0 8 0 0 0 0
      data: {"choices":[{"delta":{}}],"usage":{"prompt_tokens":5,"total_tokens":8,"completion_tokens":3,"reasoning_tokens":3}}

      data: {"choices":[{"delta":{}}],"usage":{"prompt_tokens":5,"total_tokens":14,"completion_tokens":9,"reasoning_tokens":8}}
      reasoning within the output without a total | 5 100 0 0 0 70 0 0 0 0
      {"usage":{"prompt_tokens":5,"completion_tokens":100,"reasoning_tokens":70}}
      thoughts that only the total counts | 20 603 0 0 0 0 0 0 0 0
      {"usage":{"prompt_tokens":20,"completion_tokens":198,"total_tokens":623}}
      thoughts that only the total counts without an answer | 20 405 8 0 0 0 0 0 0 0
      {"usage":{"total_tokens":425,"completion_tokens":0,"prompt_tokens":20,"prompt_tokens_details":{"cached_tokens":8}}}
      thoughts that only the total counts in a stream | 20 603 0 0 0 0 0 0 0 0
      data: {"choices":[{"delta":{}}],"usage":{"prompt_tokens":20,"completion_tokens":3,"total_tokens":428}}

      data: {"choices":[{"delta":{}}],"usage":{"prompt_tokens":20,"completion_tokens":198,"total_tokens":623}}
      cached input that only the total counts | 10 15 1000 0 0 0 0 0 0 0
      {"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":1015,"prompt_tokens_details":{"cached_tokens":1000}}}
      recording that only the total counts | 4 635 0 0 0 0 0 0 0 0
      {"text":"hm","usage":{"prompt_audio_seconds":203,"prompt_tokens":4,"total_tokens":3264,"completion_tokens":635}}
      groq stream | 24 11 0 0 0 0 0 0 0 0
      data: {"choices":[{"delta":{},"finish_reason":"stop"}],"x_groq":{"id":"r","usage":{"queue_time":0.1,\
      "prompt_tokens":24,"completion_tokens":11,"total_tokens":35}}}
      moonshot | 19 21 10 0 0 0 0 0 0 0
      {"usage":{"prompt_tokens":19,"completion_tokens":21,"total_tokens":40,"cached_tokens":10}}
      voyage | 10 0 0 0 0 0 0 0 0 0
      {"object":"list","data":[{"embedding":[0.1]}],"model":"voyage","usage":{"total_tokens":10}}
      both names | 19 10 0 0 0 0 0 0 0 0
      {"usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29,"input_tokens":0,"output_tokens":0}}
      ollama | 26 298 0 0 0 0 0 0 0 0
      {"model":"m","done":true,"prompt_eval_count":26,"prompt_eval_duration":130079000,"eval_count":298}
      """;

  private static WireFormat format(String name) {
    return switch (name.split(" ")[0]) {
      case "anthropic" -> WireFormat.ANTHROPIC;
      case "gemini" -> WireFormat.GEMINI;
      case "cohere" -> WireFormat.COHERE;
      case "ollama" -> WireFormat.OLLAMA;
      default -> WireFormat.OPENAI;
    };
  }

  static Stream<Arguments> statements() {
    return Arrays.stream(CASES.split("(?m)^(?=[a-z ]+ \\|)"))
        .filter(each -> !each.isBlank())
        .map(
            each -> {
              String[] lines = each.split("\n", 2);
              String[] head = lines[0].split(" \\| ");
              long[] n = Arrays.stream(head[1].split(" ")).mapToLong(Long::parseLong).toArray();
              TokenParts parts =
                  new TokenParts(n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], 0, 0);
              return Arguments.of(
                  head[0],
                  lines[1],
                  TokenUsage.stated(n[0], n[1], parts.without(n.length > 10 ? n[10] : 0)));
            });
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("statements")
  void every_part_is_found_however_the_answer_is_split(
      String name, String answer, TokenUsage expected) {
    byte[] bytes = answer.getBytes(UTF_8);
    for (int split = 0; split <= bytes.length; split++) {
      TokenCounts counts = TokenCountsTest.begun(format(name), answer);
      counts.scan(Unpooled.wrappedBuffer(bytes, 0, split));
      counts.scan(Unpooled.wrappedBuffer(bytes, split, bytes.length - split));

      assertThat(counts.usage(false)).as("%s, split at %s", name, split).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"data\":[{\"b64_json\":\"AA\"},{\"b64_json\":\"AA\"}]} | 2",
        "{\"data\":[{\"url\":\"https://x/1\",\"revised_prompt\":\"url\"}]} | 1",
        "{\"data\":[{\"url\":null,\"b64_json\":\"A\"},{\"url\":\"u\",\"b64_json\":\"A\"},{\"url\":null}]} | 2",
        "{\"data\":[{\"n\":{\"url\":\"u\"}}],\"url\":\"u\",\"a\":[{\"url\":\"u\"}]} | 0",
        "{\"data\":[]} | 0"
      })
  void images_are_counted_where_they_are_made(String answer, long images) {
    assertThat(counted(answer).usage(true).parts().images()).isEqualTo(images);
    assertThat(counted(answer).usage(false).parts().images()).isZero();
  }

  @Test
  void of_streamed_images_only_the_complete_ones_count() {
    String stream =
        """
        event: image_generation.partial_image
        data: {"type":"image_generation.partial_image","b64_json":"AA","partial_image_index":0}

        event: image_generation.completed
        data: {"type":"image_generation.completed","b64_json":"AA","usage":{"input_tokens":5,"output_tokens":6}}

        """;

    assertThat(counted(stream).usage(true).parts().images()).isEqualTo(1);
  }

  @Test
  void pieces_that_passed_before_the_output_was_stated_need_no_estimate() {
    TokenCounts counts = counted("data: {\"delta\":{}}\n\ndata: {\"delta\":{}}\n\n");
    assertThat(counts.unstatedPieces()).isEqualTo(2);

    counts.scan(Unpooled.copiedBuffer("data: {\"usage\":{\"completion_tokens\":1}}\n\n", UTF_8));
    assertThat(counts.unstatedPieces()).isZero();

    counts.scan(Unpooled.copiedBuffer("data: {\"delta\":{}}\n\n", UTF_8));
    assertThat(counts.unstatedPieces()).isEqualTo(3);
  }

  private static TokenCounts counted(String answer) {
    return TokenCountsTest.counted(WireFormat.OPENAI, answer);
  }
}
