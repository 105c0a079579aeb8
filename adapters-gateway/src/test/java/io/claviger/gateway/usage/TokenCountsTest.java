package io.claviger.gateway.usage;

import static io.claviger.domain.standards.WireFormat.ANTHROPIC;
import static io.claviger.domain.standards.WireFormat.COHERE;
import static io.claviger.domain.standards.WireFormat.GEMINI;
import static io.claviger.domain.standards.WireFormat.OLLAMA;
import static io.claviger.domain.standards.WireFormat.OPENAI;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenCountsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.00014 | 140000",
        "0.12345678999 | 123456789",
        "2 | 2000000000",
        "1.5 | 1500000000",
        "99999999999.5 | 2147483647500000000",
        "1.2e-05 | 100000",
        "-1 | -1",
        "`0.5` | -1",
        "{`total`:0.5} | -1",
        "null | -1"
      })
  void what_the_provider_charges_is_read_in_nano_dollars(String stated, long nanos) {
    String answer = "{'cost':7,'usage':{'prompt_tokens':3,'cost':%s,'cost_details':{'cost':9}}}";
    TokenCounts counts =
        counted(OPENAI, answer.formatted(stated.replace('`', '\'')).replace('\'', '"'));
    assertThat(counts.cost().orElse(-1)).isEqualTo(nanos);
    assertThat(counts.usage(false).input()).isEqualTo(3);
  }

  /** xAI states ten thousand million ticks for a dollar. */
  @ParameterizedTest
  @CsvSource({
    "37756000, 3775600",
    "1, 1",
    "11, 2",
    "1.5, 1",
    "0, 0",
    "25000000000000, 2500000000000",
    "99999999999999999999, 9223372036854776",
    "1e9, -1",
    "-1, -1",
    "`5`, -1",
    "null, -1"
  })
  void a_cost_in_ticks_is_read_in_nano_dollars(String stated, long nanos) {
    String answer = "{'usage':{'prompt_tokens':3,'cost_in_usd_ticks':%s}}";
    TokenCounts counts =
        counted(OPENAI, answer.formatted(stated.replace('`', '\'')).replace('\'', '"'));
    assertThat(counts.cost().orElse(-1)).isEqualTo(nanos);
    assertThat(counts.usage(false).input()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'cost':0.5,'cost_in_usd_ticks':40 | 500000000",
        "'cost_in_usd_ticks':40,'cost':0.5 | 500000000",
        "'cost':0,'cost_in_usd_ticks':40 | 4",
        "'cost_in_usd_ticks':40,'cost':0 | 4",
        "'cost_in_usd_ticks':0,'cost':0 | 0",
        "'is_byok':true,'cost_in_usd_ticks':40,'cost':0.5,"
            + "'cost_details':{'upstream_inference_cost':9.5} | 10000000000"
      },
      quoteCharacter = '`')
  void of_two_costs_the_larger_one_counts(String stated, long nanos) {
    TokenCounts counts = counted(OPENAI, ("{'usage':{" + stated + "}}").replace('\'', '"'));

    assertThat(counts.cost().orElse(-1)).isEqualTo(nanos);
  }

  /** With a key of one's own, OpenRouter bills little, and the provider of the model the rest. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'is_byok':false,'cost':0.5,'cost_details':{'upstream_inference_cost':0.5} | 500000000",
        "'is_byok':true,'cost':0.5,'cost_details':{'upstream_inference_cost':9.5} | 10000000000",
        "'cost_details':{'upstream_inference_cost':9.5},'cost':0,'is_byok':true | 9500000000",
        "'is_byok':true,'cost':0.5,'cost_details':{'upstream_inference_cost':null} | -1",
        "'is_byok':true,'cost_details':{'upstream_inference_cost':9.5} | -1",
        "'is_byok':null,'cost':0.5 | 500000000",
        "'is_byok':'true','cost':0.5 | 500000000"
      },
      quoteCharacter = '`')
  void a_call_with_a_key_of_ones_own_costs_what_both_providers_charge(String stated, long nanos) {
    TokenCounts counts = counted(OPENAI, ("{'usage':{" + stated + "}}").replace('\'', '"'));

    assertThat(counts.cost().orElse(-1)).isEqualTo(nanos);
  }

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
  @MethodSource("statements")
  void what_an_answer_states_is_found_however_it_is_split(WireFormat format, String answer) {
    byte[] bytes = answer.getBytes(UTF_8);
    for (int split = 0; split <= bytes.length; split++) {
      TokenCounts counts = begun(format, answer);
      counts.scan(Unpooled.wrappedBuffer(bytes, 0, split));
      counts.scan(Unpooled.wrappedBuffer(bytes, split, bytes.length - split));
      assertThat(counts.usage(false).input()).as("input, split at %s", split).isEqualTo(11);
      assertThat(counts.usage(false).output()).as("output, split at %s", split).isEqualTo(7);
      assertThat(counts.isStated(counts.usage(false))).isTrue();
    }
    TokenCounts byByte = begun(format, answer);
    ByteBuf direct = Unpooled.directBuffer().writeBytes(bytes);
    for (int i = 0; i < bytes.length; i++) {
      byByte.scan(direct.slice(i, 1));
    }
    assertThat(byByte.usage(false).input()).isEqualTo(11);
    assertThat(byByte.usage(false).output()).isEqualTo(7);
    direct.release();
  }

  @Test
  void what_another_model_used_to_advise_is_told_apart_from_what_the_answering_one_used() {
    String answer =
        """
        event: message_delta
        data: {"type":"message_delta","usage":{"input_tokens":7,"output_tokens":5,"iterations":[\
        {"type":"message","model":"executor","input_tokens":3,"output_tokens":2},\
        {"type":"advisor_message","model":"advisor","input_tokens":800,"cache_read_input_tokens":20,"output_tokens":60},\
        {"model":"advisor","input_tokens":1,"output_tokens":4,"type":"advisor_message"},\
        {"type":"advisor_message","model":"no model","input_tokens":1},\
        {"type":"message","input_tokens":3,"output_tokens":3}]}}

        """;
    TokenCounts counts = begun(ANTHROPIC, answer);
    counts.scan(Unpooled.wrappedBuffer(answer.getBytes(UTF_8)));

    assertThat(counts.ownUsage(false)).isEqualTo(TokenUsage.stated(7, 5, TokenParts.NONE));
    TokenUsage advice = counts.others().orElseThrow().getOrDefault("advisor", TokenUsage.NONE);
    assertThat(advice.input()).isEqualTo(821);
    assertThat(advice.output()).isEqualTo(64);
    assertThat(advice.parts().cachedInput()).isEqualTo(20);
    assertThat(counts.others().orElseThrow()).hasSize(1);
    assertThat(counts.usage(false).input()).isEqualTo(828);
  }

  private static final String DECLINED =
      """
      {"input_tokens":40,"output_tokens":300,"cache_read_input_tokens":0,"iterations":[\
      {"type":"message","model":"declining","input_tokens":25,"output_tokens":106},\
      {"model":"declining too","type":"message","input_tokens":30,"output_tokens":0},\
      {"type":"message","model":"b","input_tokens":31,"output_tokens":9},\
      {"type":"fallback_message","model":"serving","input_tokens":40,"cache_read_input_tokens":20,"output_tokens":300}]}\
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"message\",\"usage\":%s,\"model\":\"serving\"}",
        "{\"usage\":%s,\"content\":[],\"model\":\"declining\"}"
      })
  void what_each_model_used_that_tried_to_answer_is_told_apart(String answer) {
    TokenCounts counts = counted(ANTHROPIC, answer.formatted(DECLINED));

    assertThat(counts.answeredModel()).contains("serving");
    Map<String, TokenUsage> others = counts.others().orElseThrow();
    assertThat(others.keySet()).containsExactlyInAnyOrder("declining", "b", "serving");
    assertThat(others.get("declining")).isEqualTo(TokenUsage.stated(25, 106, TokenParts.NONE));
    TokenUsage serving = others.getOrDefault("serving", TokenUsage.NONE);
    assertThat(serving.input()).isEqualTo(60);
    assertThat(serving.output()).isEqualTo(300);
    assertThat(serving.parts().cachedInput()).isEqualTo(20);
    assertThat(counts.ownUsage(false)).isEqualTo(TokenUsage.stated(30, 0, TokenParts.NONE));
    assertThat(counts.usage(false).input()).isEqualTo(25 + 30 + 31 + 60);
    assertThat(counts.isStated(counts.usage(false))).isTrue();
  }

  @Test
  void a_stream_names_the_model_that_answers_in_place_of_another() {
    String begun =
        """
        event: message_start
        data: {"type":"message_start","message":{"model":"a","usage":{"input_tokens":25,"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"fallback","from":{"model":"a"},"to":{"model":"b"},"trigger":{"type":"refusal"}}}

        """;
    TokenCounts counts = begun(ANTHROPIC, begun);
    counts.scan(Unpooled.wrappedBuffer(begun.getBytes(UTF_8)));

    assertThat(counts.answeredModel()).contains("b");
    String end =
        """
        event: message_delta
        data: {"type":"message_delta","usage":{"input_tokens":9,"output_tokens":8,"iterations":[\
        {"type":"message","model":"a","input_tokens":25,"output_tokens":1},\
        {"type":"fallback_message","model":"c","input_tokens":9,"output_tokens":8}]}}

        """;
    counts.scan(Unpooled.wrappedBuffer(end.getBytes(UTF_8)));
    assertThat(counts.answeredModel()).contains("c");
    assertThat(counts.others().orElseThrow()).containsOnlyKeys("a", "c");
    assertThat(counts.ownUsage(false).isNothing()).isTrue();
  }

  @Test
  void a_single_model_that_answered_used_all_of_it() {
    TokenCounts counts =
        counted(
            ANTHROPIC,
            "{\"model\":\"a\",\"usage\":{\"input_tokens\":9,\"output_tokens\":8,\"iterations\":["
                + "{\"type\":\"fallback_message\",\"model\":\"c\",\"input_tokens\":9,\"output_tokens\":8},"
                + "{\"type\":\"compaction\",\"input_tokens\":5,\"output_tokens\":1}]}}");

    assertThat(counts.answeredModel()).contains("c");
    assertThat(counts.others().orElseThrow()).isEmpty();
    assertThat(counts.ownUsage(false)).isEqualTo(TokenUsage.stated(14, 9, TokenParts.NONE));
  }

  static Stream<Arguments> statements() {
    return Stream.of(
        of(
            GEMINI,
            "{'usageMetadata':{'promptTokenCount':8,'toolUsePromptTokenCount':3,'candidatesTokenCount':7}}"),
        of(
            OLLAMA,
            "{'model':'m','done':true,'prompt_eval_count':11,'eval_count':7,'eval_duration':99}"),
        of(ANTHROPIC, "{'usage':{'input_tokens':11,'output_tokens':7,'iterations':null}}"),
        of(ANTHROPIC, "{'usage':{'input_tokens':11,'output_tokens':7,'iterations':[]}}"),
        of(
            ANTHROPIC,
            "{'input':{'iterations':[[1],2]},'usage':{'input_tokens':11,'output_tokens':7}}"),
        of(ANTHROPIC, ITERATIONS),
        of(OPENAI, "{'usage':{'prompt_tokens':11,'completion_tokens':7,'total_tokens':18}}"),
        of(OPENAI, "{'usage' : {\n  'prompt_tokens' : 11 ,\n  'completion_tokens'\t:\r\n 7 }}"),
        of(OPENAI, "{'usage':{'input_tokens':11,'output_tokens':7}}"),
        of(
            OPENAI,
            "{'usage':{'prompt_tokens':11,'completion_tokens':7,'cache_read_input_tokens':4}}"),
        of(
            OPENAI,
            "{'usage':{'prompt_tokens':1,'completion_tokens':2},'usage':{'prompt_tokens':11,'completion_tokens':7}}"),
        of(OPENAI, "{'usage':{'prompt_tokens':99,'completion_tokens':7,'prompt_tokens':11}}"),
        of(
            OPENAI,
            "{'choices':[{'message':{'content':'\\\\'}}],'usage':{'prompt_tokens':11,'completion_tokens':7}}"),
        of(
            OPENAI,
            "data:{'usage':\r\ndata: {'prompt_tokens'\r\ndata::11,'completion_tokens':7}}\r\n\r\n: x\r\n\r\n"),
        of(
            OPENAI,
            "data: {'usage':{'prompt_tokens':11,'completion_tokens':7}}\r\rdata: {'choices':[]}\r\r"),
        of(
            OPENAI,
            "id: 5\ndata: {'usage':{'prompt_tokens':11,'completion_tokens':7}}\nretry: 7\n\ndata: {'usage'\n\ndata: :{\n\n"),
        of(
            OPENAI,
            "data: {'choices':[{'delta':{}\n\ndata: {'usage':{'prompt_tokens':11,'completion_tokens':7},'choices':[{'delta':{}}]}\n\n"),
        of(GEMINI, "{'usageMetadata':{'promptTokenCount':11,'candidatesTokenCount':7}}"),
        of(COHERE, "{'meta':{'billed_units':{'input_tokens':11.0,'output_tokens':7.0}}}"),
        of(COHERE, "{'meta':{'billed_units':{'input_tokens':10.5,'output_tokens':6.001}}}"),
        of(
            GEMINI,
            "[{'usageMetadata':{'promptTokenCount':11,'candidatesTokenCount':1}}\n,\n"
                + "{'usageMetadata':{'promptTokenCount':11,'candidatesTokenCount':7}}]"),
        of(OPENAI, OPENAI_STREAM),
        of(OPENAI, RESPONSES_STREAM),
        of(ANTHROPIC, ANTHROPIC_STREAM),
        of(GEMINI, GEMINI_STREAM),
        of(COHERE, COHERE_STREAM));
  }

  private static Arguments of(WireFormat format, String answer) {
    return Arguments.of(format, answer.replace('\'', '"'));
  }

  @Test
  void an_embedding_has_no_output() {
    TokenCounts counts =
        counted(OPENAI, "{\"data\":[],\"usage\":{\"prompt_tokens\":11,\"total_tokens\":11}}");

    assertThat(counts.usage(false).input()).isEqualTo(11);
    assertThat(counts.usage(false).output()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'content':'\\'prompt_tokens\\': 99'}",
        "{'usage':'{\\'prompt_tokens\\':99,\\'completion_tokens\\':99}'}",
        "{'usage':'prompt_tokens','n':99}",
        "{'usage':{'a':'\\\\','n':99}}",
        "{'usage':{'a':'\\\\\\'prompt_tokens\\\\\\': 99'}}",
        "{'usage':{'prompt_tokens_details':99,'_prompt_tokens':99,'Prompt_Tokens':99,'prompt_tokens ':99}}",
        "{'usage':{'prompt_tokens':null,'completion_tokens':'99','output_tokens':-99}}",
        "{'usage':{'prompt_tokens':{'n':99},'completion_tokens':[99],'input_tokens':true}}",
        "{'usage':{'prompt_tokens':9e9,'completion_tokens':9E+1,'output_tokens':9.9.9,'input_tokens':9x}}",
        "{'usage':[{'prompt_tokens':99}],'usage':[['prompt_tokens',99]]}",
        "{'usage':{'usage':{'prompt_tokens':99}},'prompt_tokens':99,'completion_tokens':99}",
        "{'output':[{'usage':{'prompt_tokens':99}}],'tools':[{'parameters':{'usage':{'prompt_tokens':99}}}]}",
        "[{'usage':{'prompt_tokens':99,'completion_tokens':99}}]",
        "{'usageMetadata':{'promptTokenCount':99},'prompt_eval_count':99,'eval_count':99}",
        "{'meta':{'billed_units':{'input_tokens':99}},'message':{'usage':{'output_tokens':99}}}",
        "{'usage':{'billed_units':{'input_tokens':99},'iterations':[{'input_tokens':99}]}}",
        "{'usage':{'prompt_tokens':99",
        "{'usage'{'prompt_tokens':99}}",
        "{'usage':tru{'prompt_tokens':99}}",
        "{usage:{'prompt_tokens':99}}",
        "{'a':1]{'usage':{'prompt_tokens':99}}",
        "<html>{'usage':{'prompt_tokens':99}}",
        "''''prompt_tokens'",
        "event: x\n{'usage':{'prompt_tokens':99}}\n\n",
        "data: {'delta':'\n\ndata: \\n{'usage':{'prompt_tokens':99}}'}\n\n",
        "event: x\ndat: {'usage':{'prompt_tokens':99}}\n\n: {'usage':{'prompt_tokens':99}}\n\n",
        ""
      })
  void what_only_looks_like_a_statement_does_not_count(String written) {
    String answer = written.replace('\'', '"');
    for (int split = 0; split <= answer.length(); split++) {
      TokenCounts counts = begun(OPENAI, answer);
      counts.scan(Unpooled.copiedBuffer(answer.substring(0, split), UTF_8));
      counts.scan(Unpooled.copiedBuffer(answer.substring(split), UTF_8));

      assertThat(counts.usage(false).input()).isZero();
      assertThat(counts.usage(false).output()).isZero();
      assertThat(counts.isStated(counts.usage(false))).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2147483647, 2147483647",
    "99999999999999999999999, 2147483647",
    "2147483647.5, 2147483647",
    "0, 0"
  })
  void a_number_without_end_does_not_overflow(String stated, long counted) {
    String answer = "{\"usage\":{\"prompt_tokens\":" + stated + "}}";

    assertThat(counted(OPENAI, answer).usage(false).input()).isEqualTo(counted);
  }

  @Test
  void of_several_statements_the_last_counts() {
    TokenCounts counts =
        counted(
            ANTHROPIC,
            "{\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}"
                + "{\"usage\":{\"input_tokens\":3,\"output_tokens\":4}}");

    assertThat(counts.usage(false).input()).isEqualTo(3);
    assertThat(counts.usage(false).output()).isEqualTo(4);
  }

  @Test
  void what_was_looked_at_is_left_as_it_is() {
    String answer = "{\"usage\":{\"input_tokens\":1}}";
    ByteBuf part = Unpooled.copiedBuffer("xx" + answer, UTF_8).skipBytes(2);
    TokenCounts counts = begun(OPENAI, answer);
    counts.scan(part);

    assertThat(counts.usage(false).input()).isEqualTo(1);
    assertThat(part.toString(UTF_8)).isEqualTo(answer);
    assertThat(part.refCnt()).isEqualTo(1);
  }

  @Test
  void what_follows_text_or_depth_without_end_is_found_yet() {
    String text = "x".repeat(100_000);
    String deep = "[{\"a\":".repeat(100_000) + "1" + "}]".repeat(100_000);
    for (String each : List.of('"' + text + '"', deep)) {
      String answer = "{\"" + text + "\":" + each + ",\"usage\":{\"input_tokens\":5}}";
      assertThat(counted(OPENAI, answer).usage(false).input()).isEqualTo(5);
    }
  }

  @Test
  void random_json_around_a_statement_changes_nothing() {
    Random random = new Random(30);
    for (int i = 0; i < 5_000; i++) {
      boolean events = random.nextBoolean();
      String statement =
          "{\"tools\":%s,\"usage\":{\"a\":%s,\"prompt_tokens\":11,\"b\":%s,\"completion_tokens\":7},\"c\":%s}"
              .formatted(json(random, 5), json(random, 3), json(random, 3), json(random, 5));
      String answer = events ? "data: " + statement.replace("\n", "\ndata:") + "\n\n" : statement;
      TokenCounts counts = begun(OPENAI, answer);
      ByteBuf bytes = Unpooled.copiedBuffer(answer, UTF_8);
      while (bytes.isReadable()) {
        counts.scan(bytes.readSlice(1 + random.nextInt(Math.min(40, bytes.readableBytes()))));
      }

      assertThat(counts.usage(true))
          .as(answer)
          .isEqualTo(TokenUsage.stated(11, 7, TokenParts.NONE));
      assertThat(counts.isStated(counts.usage(false))).as(answer).isTrue();
    }
  }

  private static String json(Random random, int deepest) {
    int kind = random.nextInt(deepest == 0 ? 2 : 4);
    List<String> texts =
        List.of(
            "usage", "input_tokens", "\\\\", "\\\"}]", "é€😀", "{[", "", "\\u0022:1,", "Y_yDEL");
    List<String> others = List.of("0", "-1", "1.5e+7", "true", "null", "99", "9".repeat(30));
    String blank = List.of("", "", " ", "\n", "\t\r\n").get(random.nextInt(5));
    Supplier<String> text = () -> '"' + texts.get(random.nextInt(texts.size())) + '"';
    Supplier<String> value = () -> json(random, deepest - 1);
    return blank
        + switch (kind) {
          case 0 -> text.get();
          case 1 -> others.get(random.nextInt(others.size()));
          case 2 ->
              Stream.generate(value)
                  .limit(random.nextInt(4))
                  .collect(Collectors.joining(",", "[", blank + "]"));
          default ->
              Stream.generate(() -> text.get() + blank + ":" + value.get())
                  .limit(random.nextInt(4))
                  .collect(Collectors.joining(",", "{", "}"));
        }
        + blank;
  }

  @Test
  void an_answer_that_is_no_json_states_nothing() {
    TokenCounts counts = TokenCounts.of(OPENAI, "audio/transcriptions");
    HttpHeaders headers = new DefaultHttpHeaders().set("Content-Type", "text/plain; charset=utf-8");
    counts.begin(AnswerFraming.of(headers));
    counts.scan(Unpooled.copiedBuffer("{\"usage\":{\"input_tokens\":1}}", UTF_8));

    assertThat(counts.isStated(counts.usage(false))).isFalse();
  }

  @Test
  void what_anthropic_states_at_the_beginning_is_not_final() {
    int end = ANTHROPIC_STREAM.indexOf("event: message_delta");
    TokenCounts counts = counted(ANTHROPIC, ANTHROPIC_STREAM.substring(0, end));
    assertThat(counts.usage(false).input()).isEqualTo(11);
    assertThat(counts.isStated(counts.usage(false))).isFalse();

    counts.scan(Unpooled.copiedBuffer(ANTHROPIC_STREAM.substring(end), UTF_8));
    assertThat(counts.isStated(counts.usage(false))).isTrue();
  }

  @Test
  void zeros_state_nothing() {
    String answer = "{\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0}}";

    TokenCounts counts = counted(OPENAI, answer);
    assertThat(counts.isStated(counts.usage(false))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "OPENAI    | {'model':'gpt-5','choices':[{'message':{'model':'x'}}]} | gpt-5",
        "OPENAI    | {'model':'a\\/b','tools':[{'model':'x'}]}               | a/b",
        "OPENAI    | {'model':'gpt-5'}{'model':null}                         | gpt-5",
        "OPENAI    | {'model':'gpt-5'}{'model':'gpt-6'}                      | gpt-6",
        "OPENAI    | {'model':'gpt-5'}{'model':''}                           | gpt-5",
        "OPENAI    | {'model':'gpt-5'}{'model':'a b'}                        |",
        "OPENAI    | {'model':'gpt\\u002d5'}                                 |",
        "OPENAI    | {'type':'x','response':{'model':'gpt-5'}}               | gpt-5",
        "ANTHROPIC | {'type':'x','message':{'model':'c'},'x':{'model':'y'}}  | c",
        "ANTHROPIC | {'content':[{'input':{'model':'x'}}],'model':'c'}       | c",
        "GEMINI    | {'modelVersion':'g-2','model':'x'}                      | g-2",
        "GEMINI    | [{'modelVersion':'g-1'},{'modelVersion':'g-2'}]         | g-2",
        "OLLAMA    | {'model':'llama','message':{'model':'x'}}               | llama",
        "COHERE    | {'model':'x'}                                           |",
      })
  void the_model_that_answers_is_read_at_its_place(
      WireFormat format, String answer, @Nullable String model) {
    TokenCounts counts = counted(format, answer.replace('\'', '"'));

    assertThat(counts.answeredModel()).isEqualTo(Optional.ofNullable(model));
  }

  @Test
  void the_last_event_of_azures_content_filter_hides_neither_model_nor_tier() {
    String stream =
        """
        data: {"id":"c","model":"gpt-5","service_tier":"priority","choices":[{"index":0,"delta":{"content":"Hi"}}]}

        data: {"id":"","object":"","created":0,"model":"","service_tier":"","choices":[\
        {"index":0,"finish_reason":null,"content_filter_offsets":{"check_offset":44}}]}

        data: [DONE]

        """;
    TokenCounts counts = counted(OPENAI, stream);

    assertThat(counts.answeredModel()).contains("gpt-5");
    assertThat(counts.tier(OPENAI.api())).contains(ServiceTier.PRIORITY);
  }

  @Test
  void mistral_states_the_tier_in_the_usage() {
    String usage = "\"usage\":{\"prompt_tokens\":1,\"service_tier\":\"priority\"}}";

    assertThat(counted(OPENAI, "{" + usage).tier(OPENAI.api())).contains(ServiceTier.PRIORITY);
    assertThat(counted(OPENAI, "data: {\"choices\":[]," + usage + "\n\n").tier(OPENAI.api()))
        .contains(ServiceTier.PRIORITY);
  }

  @Test
  void a_model_whose_name_is_too_long_is_none() {
    String longest = "m".repeat(256);

    assertThat(counted(OPENAI, "{\"model\":\"" + longest + "\"}").answeredModel())
        .contains(longest);
    assertThat(counted(OPENAI, "{\"model\":\"m" + longest + "\"}").answeredModel()).isEmpty();
  }

  @Test
  void only_an_answer_of_rerank_bills_units_in_the_format_of_openai() {
    String answer = "{\"meta\":{\"billed_units\":{\"input_tokens\":5}}}";
    TokenCounts counts = TokenCounts.of(OPENAI, "rerank");
    counts.begin(AnswerFraming.DOCUMENT);
    counts.scan(Unpooled.copiedBuffer(answer, UTF_8));

    assertThat(counts.usage(false).input()).isEqualTo(5);
    assertThat(counted(OPENAI, answer).usage(false).input()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{`ttl`:`1h`,`inputTokens`:6},{`ttl`:`5m`,`inputTokens`:4}] | 4 | 6 | 4 | 6",
        "[{`inputTokens`:10,`ttl`:`1h`}] | 0 | 10 | 0 | 10",
        "[{`ttl`:`5m`,`inputTokens`:10}] | 10 | 0 | 10 | 0",
        "[{`ttl`:`1h`,`inputTokens`:3}] | 7 | 3 | 0 | 10",
        "[{`ttl`:`9h`,`inputTokens`:3}] | 10 | 0 | 0 | 10",
        "[] | 10 | 0 | 0 | 10",
        "null | 10 | 0 | 0 | 10",
      })
  void what_was_written_to_a_cache_is_divided_by_its_time_or_by_what_was_asked_for(
      String details, long short5m, long long1h, long asked5m, long asked1h) {
    String answer =
        "{`usage`:{`inputTokens`:1,`outputTokens`:2,`cacheWriteInputTokens`:10,`cacheDetails`:%s}}"
            .formatted(details)
            .replace('`', '"');
    TokenCounts counts = TokenCounts.of(WireFormat.BEDROCK, "model/m/converse");
    counts.begin(AnswerFraming.DOCUMENT);
    counts.scan(Unpooled.copiedBuffer(answer, UTF_8));

    assertThat(counts.usage(false).input()).isEqualTo(11);
    assertThat(counts.usage(false).parts().cacheWrite5m()).isEqualTo(short5m);
    assertThat(counts.usage(false).parts().cacheWrite1h()).isEqualTo(long1h);
    counts.cacheForAnHour();
    assertThat(counts.usage(false).parts().cacheWrite5m()).isEqualTo(asked5m);
    assertThat(counts.usage(false).parts().cacheWrite1h()).isEqualTo(asked1h);
  }

  @Test
  void writes_that_openrouter_does_not_divide_count_for_an_hour_if_the_request_asks_for_that() {
    TokenCounts counts =
        counted(
            OPENAI,
            "{\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":7,"
                + "\"prompt_tokens_details\":{\"cache_write_tokens\":5}}}");

    assertThat(counts.usage(false).parts().cacheWrite5m()).isEqualTo(5);
    counts.cacheForAnHour();
    assertThat(counts.usage(false).parts().cacheWrite5m()).isZero();
    assertThat(counts.usage(false).parts().cacheWrite1h()).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10 | {`ttl_30m_tokens`:4,`ttl_12h_tokens`:6} | 4 | 6 | 4 | 6",
        "10 | {`ttl_12h_tokens`:10,`ttl_30m_tokens`:0} | 0 | 10 | 0 | 10",
        "10 | {`ttl_30m_tokens`:10,`ttl_12h_tokens`:0} | 10 | 0 | 10 | 0",
        "10 | {`ttl_12h_tokens`:3} | 7 | 3 | 0 | 10",
        "0 | {`ttl_30m_tokens`:4,`ttl_12h_tokens`:6} | 4 | 6 | 4 | 6",
        "10 | {`ttl_30m_tokens`:40,`ttl_12h_tokens`:60} | 0 | 20 | 0 | 20",
        "10 | null | 10 | 0 | 0 | 10",
      })
  void what_openai_wrote_to_a_cache_for_12_hours_counts_for_an_hour(
      long written, String details, long short5m, long long1h, long asked5m, long asked1h) {
    TokenCounts counts =
        counted(
            OPENAI,
            ("{`usage`:{`input_tokens`:25,`output_tokens`:2,`input_tokens_details`:{"
                    + "`cached_tokens`:5,`cache_write_tokens`:%s,"
                    + "`cache_write_tokens_details`:%s}}}")
                .formatted(written, details)
                .replace('`', '"'));

    assertThat(counts.usage(false).input()).isEqualTo(25);
    assertThat(counts.usage(false).parts().cacheWrite5m()).isEqualTo(short5m);
    assertThat(counts.usage(false).parts().cacheWrite1h()).isEqualTo(long1h);
    counts.cacheForAnHour();
    assertThat(counts.usage(false).parts().cacheWrite5m()).isEqualTo(asked5m);
    assertThat(counts.usage(false).parts().cacheWrite1h()).isEqualTo(asked1h);
  }

  /** Counts in an answer of which nothing was read yet. */
  static TokenCounts begun(WireFormat format, String answer) {
    TokenCounts counts = TokenCounts.of(format, "");
    boolean events = Stream.of("data:", "event:", "id:").anyMatch(answer::startsWith);
    counts.begin(events ? AnswerFraming.EVENTS : AnswerFraming.DOCUMENT);
    return counts;
  }

  static TokenCounts counted(WireFormat format, String answer) {
    TokenCounts counts = begun(format, answer);
    counts.scan(Unpooled.copiedBuffer(answer, UTF_8));
    return counts;
  }
}
