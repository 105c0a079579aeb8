package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenCountsTest {
  private static final String OPENAI_STREAM =
      """
      data: {"id":"c","choices":[{"index":0,"delta":{"content":"\\"prompt_tokens\\": 99"}}],"usage":null}

      data: {"id":"c","choices":[],"usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18,\
      "prompt_tokens_details":{"cached_tokens":3}}}

      data: [DONE]

      """;
  private static final String RESPONSES_STREAM =
      """
      event: response.completed
      data: {"type":"response.completed","response":{"usage":{"input_tokens":11,\
      "input_tokens_details":{"cached_tokens":5},"output_tokens":7,\
      "output_tokens_details":{"reasoning_tokens":2},"total_tokens":18}}}

      """;
  private static final String ANTHROPIC_STREAM =
      """
      event: message_start
      data: {"type":"message_start","message":{"usage":{"input_tokens":5,\
      "cache_creation_input_tokens":2,"cache_read_input_tokens":4,"output_tokens":1}}}

      event: message_delta
      data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":7}}

      """;
  private static final String GEMINI_STREAM =
      """
      data: {"candidates":[],"usageMetadata":{"promptTokenCount":11,"candidatesTokenCount":2}}

      data: {"candidates":[],"usageMetadata":{"promptTokenCount":11,"candidatesTokenCount":5,"thoughtsTokenCount":2,"totalTokenCount":18}}

      """;
  private static final String COHERE_STREAM =
      """
      event: message-end
      data: {"type":"message-end","delta":{"finish_reason":"COMPLETE","usage":{\
      "billed_units":{"input_tokens":3,"output_tokens":2},"tokens":{"input_tokens":11,"output_tokens":7}}}}

      """;

  private static final String ITERATIONS =
      """
      event: message_delta
      data: {"type":"message_delta","usage":{"input_tokens":3,"output_tokens":2,"iterations":[\
      {"type":"compaction","model":"m[1m]","input_tokens":4,"cache_read_input_tokens":1,"output_tokens":5},\
      {"type":"message","input_tokens":3,"cache_creation_input_tokens":3,"output_tokens":2}],"x":[],\
      "cache_read_input_tokens":9}}

      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"usageMetadata\":{\"promptTokenCount\":8,\"toolUsePromptTokenCount\":3,\"candidatesTokenCount\":7}}",
        "{\"model\":\"m\",\"done\":true,\"prompt_eval_count\":11,\"eval_count\":7,\"eval_duration\":99}",
        "{\"usage\":{\"input_tokens\":11,\"output_tokens\":7,\"iterations\":null}}",
        "{\"usage\":{\"input_tokens\":11,\"output_tokens\":7,\"iterations\":[]}}",
        "{\"input\":{\"iterations\":[[1],2]},\"usage\":{\"input_tokens\":11,\"output_tokens\":7}}",
        ITERATIONS,
        "{\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":7,\"total_tokens\":18}}",
        "{\"usage\" : {\n  \"prompt_tokens\" : 11 ,\n  \"completion_tokens\"\t:\r\n 7 }}",
        "{\"usage\":{\"input_tokens\":11,\"output_tokens\":7}}",
        "{\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":7,\"cache_read_input_tokens\":4}}",
        "{\"usageMetadata\":{\"promptTokenCount\":11,\"candidatesTokenCount\":7}}",
        "{\"meta\":{\"billed_units\":{\"input_tokens\":11.0,\"output_tokens\":7.0}}}",
        "[{\"usageMetadata\":{\"promptTokenCount\":11,\"candidatesTokenCount\":1}}\n,\n"
            + "{\"usageMetadata\":{\"promptTokenCount\":11,\"candidatesTokenCount\":7}}]",
        OPENAI_STREAM,
        RESPONSES_STREAM,
        ANTHROPIC_STREAM,
        GEMINI_STREAM,
        COHERE_STREAM
      })
  void what_an_answer_states_is_found_however_it_is_split(String answer) {
    byte[] bytes = answer.getBytes(UTF_8);
    for (int split = 0; split <= bytes.length; split++) {
      TokenCounts counts = new TokenCounts();
      counts.scan(Unpooled.wrappedBuffer(bytes, 0, split));
      counts.scan(Unpooled.wrappedBuffer(bytes, split, bytes.length - split));
      assertThat(counts.usage(false).input()).as("input, split at %s", split).isEqualTo(11);
      assertThat(counts.usage(false).output()).as("output, split at %s", split).isEqualTo(7);
    }
    TokenCounts byByte = new TokenCounts();
    for (byte one : bytes) {
      byByte.scan(Unpooled.wrappedBuffer(new byte[] {one}));
    }
    assertThat(byByte.usage(false).input()).isEqualTo(11);
    assertThat(byByte.usage(false).output()).isEqualTo(7);
  }

  @Test
  void an_embedding_has_no_output() {
    TokenCounts counts =
        counted("{\"data\":[],\"usage\":{\"prompt_tokens\":11,\"total_tokens\":11}}");

    assertThat(counts.usage(false).input()).isEqualTo(11);
    assertThat(counts.usage(false).output()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"content\":\"\\\"prompt_tokens\\\": 99\"}",
        "{\"content\":\"\\\"prompt_tokens\\\":99,\\\"completion_tokens\\\":99\"}",
        "{\"content\":\"prompt_tokens\"}",
        "{\"content\":\"prompt_tokens\",\"n\":99}",
        "{\"content\":\"\\\\\",\"a\":99}",
        "{\"content\":\"say \\\"prompt_tokens\",\"n\": 99}",
        "{\"content\":\"prompt_tokens: 99\"}",
        "{\"content\":\"\\\\\\\"prompt_tokens\\\\\\\": 99\"}",
        "{\"prompt_tokens_details\":99,\"_prompt_tokens\":99,\"Prompt_Tokens\":99}",
        "{\"prompt_tokens\":null,\"completion_tokens\":\"99\",\"output_tokens\":-99}",
        "{\"prompt_tokens\":{\"n\":99},\"completion_tokens\":[99]}",
        "\"\"\"\"prompt_tokens\"",
        ""
      })
  void text_that_only_looks_like_it_does_not_count(String answer) {
    TokenCounts counts = counted(answer);

    assertThat(counts.usage(false).input()).isZero();
    assertThat(counts.usage(false).output()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"2147483647, 2147483647", "99999999999999999999999, 2147483647", "0, 0"})
  void a_number_without_end_does_not_overflow(String stated, long counted) {
    assertThat(counted("{\"prompt_tokens\":" + stated + "}").usage(false).input())
        .isEqualTo(counted);
  }

  @Test
  void of_several_statements_the_last_counts() {
    TokenCounts counts =
        counted("{\"input_tokens\":1,\"output_tokens\":2}{\"input_tokens\":3,\"output_tokens\":4}");

    assertThat(counts.usage(false).input()).isEqualTo(3);
    assertThat(counts.usage(false).output()).isEqualTo(4);
  }

  @Test
  void what_was_looked_at_is_left_as_it_is() {
    ByteBuf part = Unpooled.copiedBuffer("xx{\"input_tokens\":1}", UTF_8).skipBytes(2);
    TokenCounts counts = new TokenCounts();
    counts.scan(part);

    assertThat(counts.usage(false).input()).isEqualTo(1);
    assertThat(part.toString(UTF_8)).isEqualTo("{\"input_tokens\":1}");
    assertThat(part.refCnt()).isEqualTo(1);
  }

  @Test
  void what_follows_text_without_end_is_found_yet() {
    String text = "x".repeat(100_000);

    assertThat(counted("{\"a\":\"" + text + "\",\"input_tokens\":5}").usage(false).input())
        .isEqualTo(5);
  }

  private static TokenCounts counted(String answer) {
    TokenCounts counts = new TokenCounts();
    counts.scan(Unpooled.copiedBuffer(answer, UTF_8));
    return counts;
  }
}
