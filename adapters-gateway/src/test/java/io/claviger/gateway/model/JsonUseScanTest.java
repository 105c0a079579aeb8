package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.formats.ObeyedCaps;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.spending.BodyUse;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.spending.UnstatedUse;
import io.claviger.domain.spending.UseBounds;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageModel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonUseScanTest {
  private static final String CHAT = "chat/completions";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OPENAI | chat/completions | {`max_tokens`:7} | 7",
        "OPENAI | chat/completions | {`max_completion_tokens`:7} | 7",
        "OPENAI | chat/completions | {`max_tokens`:null} | -1",
        "OPENAI | chat/completions | {`max_output_tokens`:7} | -1",
        "OPENAI | v1/chat/completions | {`max_tokens`:7} | 7",
        "OPENAI | completions | {`max_tokens`:7} | 7",
        "OPENAI | completions | {`max_completion_tokens`:7} | -1",
        "OPENAI | responses | {`max_output_tokens`:7} | 7",
        "OPENAI | responses/compact | {`max_output_tokens`:7} | 7",
        "OPENAI | responses | {`max_tokens`:7} | -1",
        "ANTHROPIC | v1/messages | {`max_tokens`:7} | 7",
        "COHERE | v2/chat | {`max_tokens`:7} | 7",
        "OLLAMA | api/chat | {`options`:{`num_predict`:7}} | 7",
        "BEDROCK | model/m/converse | {`inferenceConfig`:{`maxTokens`:7}} | 7",
        "BEDROCK | model/m/converse-stream | {`inferenceConfig`:{`maxTokens`:7}} | 7",
        "BEDROCK | model/m/converse | {`maxTokens`:7} | -1",
        "BEDROCK | model/m/converse | {`additionalModelRequestFields`:{`max_tokens`:7}} | -1",
        "BEDROCK | model/us.anthropic.claude-v1%3A0/invoke | {`max_tokens`:7} | 7",
        "BEDROCK | model/alice%2Fcloud%2Fus.anthropic.claude-v1:0/invoke | {`max_tokens`:7} | 7",
        "BEDROCK | model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Feu.anthropic.x/invoke"
            + " | {`max_tokens`:7} | 7",
        "BEDROCK | model/us.anthropic.claude-v1:0/invoke | {`max_gen_len`:7} | -1",
        "BEDROCK | model/us.meta.llama3-3-70b-instruct-v1:0/invoke | {`max_gen_len`:7} | 7",
        "BEDROCK | model/meta.llama3-3-70b-instruct-v1:0/invoke | {`max_tokens`:7} | -1",
        "BEDROCK | model/m/invoke | {`max_tokens`:7} | -1",
        "OPENAI | ocr | {`max_tokens`:7} | -1",
        "OLLAMA | api/chat | {`num_predict`:7} | -1",
        "GEMINI | v1beta/models/m:generateContent | {`generationConfig`:{`maxOutputTokens`:7}} | 7",
        "GEMINI | v1beta/models/m:generateContent | {`generation_config`:{`max_output_tokens`:7}} |"
            + " 7",
        "GEMINI | v1beta/models/m:generateContent | {`maxOutputTokens`:7} | -1",
        "VERTEX | publishers/google/models/m:generateContent |"
            + " {`generationConfig`:{`maxOutputTokens`:7}} | 7",
        "VERTEX | publishers/google/models/m:generateContent | {`max_tokens`:7} | -1",
        "VERTEX | publishers/anthropic/models/m:rawPredict | {`max_tokens`:7} | 7",
        "VERTEX | publishers/anthropic/models/m:streamRawPredict |"
            + " {`generationConfig`:{`maxOutputTokens`:7}} | -1",
        "VERTEX | publishers/mistralai/models/m:rawPredict | {`max_tokens`:7} | 7"
      })
  void the_largest_output_is_read_where_the_provider_reads_it(
      WireFormat format, String path, String body, long output) {
    OptionalLong stated = read(format, path, body).statedOutput();

    assertThat(stated.orElse(-1)).isEqualTo(output);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-4",
        "-0",
        "9.5",
        "9.0",
        "5e3",
        "1E1",
        "`9`",
        "`many`",
        "``",
        "[9]",
        "[]",
        "{}",
        "{`value`:9}",
        "true",
        "false"
      })
  void the_largest_output_is_one_plain_positive_number(String value) {
    everyOutput()
        .forEach(
            (of, bodies) ->
                bodies.forEach(
                    body -> {
                      assertThat(of.read(body.formatted("9"))).as(body).isPresent();
                      assertThat(of.read(body.formatted("null"))).as(body).isPresent();
                      assertThat(of.read(body.formatted(value))).as(body).isEmpty();
                    }));
  }

  @Test
  void two_readers_may_follow_different_maxima() {
    everyOutput()
        .forEach(
            (of, bodies) -> {
              for (String first : bodies) {
                for (String second : bodies) {
                  for (String value : List.of("null", "1")) {
                    String both = joined(first.formatted("9"), second.formatted(value));
                    assertThat(of.read(both)).as(both).isEmpty();
                    both = joined(first.formatted(value), second.formatted("9"));
                    assertThat(of.read(both)).as(both).isEmpty();
                  }
                }
              }
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{`max_tokens`:9,`max_completion_tokens`:9}",
        "{`max_completion_tokens`:9,`max_tokens`:9}",
        "{`max_tokens`:9,`max_tokens`:9}",
        "{`max_tokens`:9,`max_tok\\u0065ns`:9}",
        "{`max_tokens`:9,`max_output_tokens`:9}",
        "{`max_tokens`:9,`extra_body`:{`max_tokens`:9}}"
      })
  void the_same_maximum_may_be_stated_twice(String body) {
    for (Provider provider : List.of(Provider.OPENAI, Provider.OPENAI_COMPAT, Provider.VLLM)) {
      assertThat(at(provider, body, true)).hasValue(9);
      assertThat(at(provider, body, false)).hasValue(9);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{`max_tokens`:9,`max_completion_tokens`:10} | 10",
        "{`max_completion_tokens`:10,`max_tokens`:9} | 10",
        "{`max_tokens`:10,`max_completion_tokens`:9} | 10",
        "{`max_tokens`:9,`max_tokens`:10} | 10",
        "{`max_tokens`:9,`extra_body`:{`max_tokens`:10}} | 10",
        "{`max_tokens`:9,`max_output_tokens`:10} | 10",
        "{`max_tokens`:9,`options`:{`num_predict`:10}} | 10",
        "{`max_tokens`:9,`options`:{`num_predict`:-1}} | -1",
        "{`max_tokens`:9,`max_completion_tokens`:null} | -1",
        "{`max_tokens`:9,`max_output_tokens`:null} | -1",
        "{`max_tokens`:9,`max_output_tokens`:{}} | -1",
        "{`max_tokens`:9,`max_output_tokens`:`10`} | -1"
      })
  void of_different_maxima_the_largest_counts_unless_all_has_to_be_exact(String body, long most) {
    for (Provider provider : List.of(Provider.OPENAI, Provider.OPENAI_COMPAT)) {
      assertThat(at(provider, body, false).orElse(-1)).isEqualTo(most);
      assertThat(bodyUse(WireFormat.OPENAI, CHAT, body, 3).at(provider.caps(), true)).isEmpty();
    }
  }

  private static OptionalLong at(Provider provider, String body, boolean exact) {
    return bodyUse(WireFormat.OPENAI, CHAT, body, 3)
        .at(provider.caps(), exact)
        .orElseThrow()
        .statedOutput();
  }

  private static final Endpoint ALIBABA =
      Endpoint.of("https://dashscope-intl.aliyuncs.com/compatible-mode/v1");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{`model`:`qwen-plus`,`max_tokens`:9} | -1",
        "{`model`:`qwen3.5-plus`,`max_tokens`:9} | -1",
        "{`model`:`qwen-4b`,`max_tokens`:9} | -1",
        "{`model`:`qwen4-max-preview`,`max_tokens`:9} | 9",
        "{`model`:`qwen4-max-preview`,`models`:[`qwen-plus`],`max_tokens`:9} | -1",
        "{`model`:`qwen-plus`,`max_tokens`:9,`thinking_budget`:500} | 509",
        "{`thinking_budget`:500,`max_tokens`:9} | 509",
        "{`max_tokens`:9,`enable_thinking`:false} | 9",
        "{`max_tokens`:9,`enable_thinking`:false,`thinking_budget`:500} | 9",
        "{`max_tokens`:9,`enable_thinking`:true,`thinking_budget`:500} | 509",
        "{`max_tokens`:9,`enable_thinking`:true} | -1",
        "{`max_tokens`:9,`enable_thinking`:null} | -1",
        "{`max_tokens`:9,`enable_thinking`:`false`} | -1",
        "{`max_tokens`:9,`enable_thinking`:{}} | -1",
        "{`max_tokens`:9,`enable_thinking`:0} | -1",
        "{`max_tokens`:9,`Enable_Thinking`:false} | -1",
        "{`max_tokens`:9,`enable_thinking`:false,`enable_thinking`:true} | -1",
        "{`max_tokens`:9,`enable_thinking`:true,`enable_thinking`:false} | -1",
        "{`max_tokens`:9,`chat_template_kwargs`:{`enable_thinking`:false}} | -1",
        "{`max_tokens`:9,`thinking_budget`:500,`thinking_budget`:9000} | -1",
        "{`max_tokens`:9,`thinkingBudget`:500} | -1",
        "{`max_tokens`:9,`thinking_budget`:0} | -1",
        "{`max_tokens`:9,`thinking_budget`:5e2} | -1",
        "{`max_tokens`:9,`thinking_budget`:`500`} | -1",
        "{`max_tokens`:9,`thinking_budget`:false} | -1",
        "{`max_tokens`:9,`thinking_budget`:[500]} | -1",
        "{`thinking_budget`:500} | -1"
      })
  void at_alibaba_reasoning_is_output_beyond_the_maximum(String body, long most) {
    for (boolean isExact : List.of(true, false)) {
      RequestedUse use =
          bodyUse(WireFormat.OPENAI, CHAT, body, 3)
              .at(Provider.OPENAI_COMPAT.caps(ALIBABA), isExact)
              .orElseThrow();
      assertThat(use.statedOutput().orElse(-1)).isEqualTo(most);
    }
    if (body.contains("`max_tokens`")) {
      assertThat(at(Provider.OPENAI_COMPAT, body, true)).hasValue(9);
    }
  }

  @Test
  void at_alibaba_a_refusal_names_all_that_limits_the_output() {
    ObeyedCaps caps = Provider.OPENAI_COMPAT.caps(ALIBABA);
    assertThat(fieldAt(caps, "{`max_tokens`:9}")).contains("max_tokens plus thinking_budget");
    assertThat(fieldAt(caps, "{`max_tokens`:9,`thinking_budget`:5}"))
        .contains("max_tokens plus thinking_budget");
    assertThat(fieldAt(caps, "{`max_tokens`:9,`enable_thinking`:false}")).contains("max_tokens");
    assertThat(fieldAt(caps, "{`model`:`qwen4-max-preview`}")).contains("max_tokens");
  }

  private static Optional<String> fieldAt(ObeyedCaps caps, String body) {
    return bodyUse(WireFormat.OPENAI, CHAT, body, 3).at(caps, true).orElseThrow().outputField();
  }

  @Test
  void a_provider_that_an_administrator_says_obeys_the_newer_maximum_obeys_it_at_alibaba_too() {
    ObeyedCaps caps = Provider.OPENAI.caps(ALIBABA);
    for (String body :
        List.of(
            "{`model`:`qwen-plus`,`max_completion_tokens`:9}",
            "{`model`:`qwen-plus`,`max_completion_tokens`:9,`max_tokens`:9}")) {
      assertThat(
              bodyUse(WireFormat.OPENAI, CHAT, body, 3).at(caps, true).orElseThrow().statedOutput())
          .hasValue(9);
    }
  }

  @Test
  void reasoning_beyond_the_maximum_is_charged_up_to_what_is_reserved() {
    TokenUsage stated =
        TokenUsage.stated(20, 5_000, new TokenParts(0, 0, 0, 4_991, 0, 0, 0, 0, 0, 0));
    ModelBounds model = new ModelBounds(OptionalLong.of(4_000), OptionalLong.empty());
    String thinking = "{`model`:`qwen-plus`,`max_tokens`:9}";
    String limited = "{`model`:`qwen-plus`,`max_tokens`:9,`thinking_budget`:500}";

    assertThat(chargedAtAlibaba(thinking, ModelBounds.UNKNOWN, stated).output()).isEqualTo(5_000);
    assertThat(chargedAtAlibaba(thinking, model, stated).output()).isEqualTo(4_000);
    assertThat(chargedAtAlibaba(limited, model, stated).output()).isEqualTo(509);
  }

  private static TokenUsage chargedAtAlibaba(String body, ModelBounds model, TokenUsage stated) {
    RequestedUse use =
        bodyUse(WireFormat.OPENAI, CHAT, body, 3)
            .at(Provider.OPENAI_COMPAT.caps(ALIBABA), true)
            .orElseThrow();
    return UseBounds.of(use, model).within(stated);
  }

  @Test
  void a_maximum_bounds_nothing_where_the_provider_may_ignore_it() {
    String newer = "{`max_completion_tokens`:1}";
    for (Provider provider : Provider.known()) {
      boolean obeys =
          List.of("openai", "azure", "bedrock", "openrouter", "groq", "xai", "vllm")
              .contains(provider.wireName());
      assertThat(at(provider, newer, true).isPresent()).as(provider.wireName()).isEqualTo(obeys);
      assertThat(at(provider, newer, false).isPresent()).isEqualTo(obeys);
      assertThat(at(provider, "{`max_tokens`:1}", true)).hasValue(1);
      RequestedUse read =
          bodyUse(WireFormat.OPENAI, CHAT, newer, 3).at(provider.caps(), true).orElseThrow();
      assertThat(read.outputField()).contains(provider.outputField());
    }
    assertThat(at(Provider.OPENAI_COMPAT, "{`max_tokens`:null,`max_completion_tokens`:9}", true))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OPENAI | chat/completions | {`MAX_TOKENS`:9}",
        "OPENAI | chat/completions | {`max_tokens`:9,`maxTokens`:9}",
        "OPENAI | chat/completions | {`max_tokens`:9,`max_tok\\u0065ns`:10}",
        "OPENAI | chat/completions | {`max_tokens`:9,`max_output_tokens`:10}",
        "OPENAI | chat/completions | {`max_tokens`:9,`extra_body`:{`max_tokens`:10}}",
        "OPENAI | chat/completions | {`max_tokens`:9,`options`:{`num_predict`:10}}",
        "OPENAI | responses | {`max_output_tokens`:9,`max_tokens`:10}",
        "ANTHROPIC | v1/messages | {`max_tokens`:9,`max_tokens_to_sample`:10}",
        "GEMINI | models/m:generateContent | {`generationConfig`:{`maxOutputTokens`:9},"
            + "`generationConfig`:null}",
        "GEMINI | models/m:generateContent | {`generationConfig`:{`maxOutputTokens`:9},"
            + "`generation_config`:{}}",
        "GEMINI | models/m:generateContent | {`generationConfig`:{`maxOutputTokens`:9},"
            + "`maxOutputTokens`:10}",
        "GEMINI | models/m:generateContent | {`generationConfig`:{`maxOutputTokens`:9},"
            + "`GenerationConfig`:{`maxOutputTokens`:10}}",
        "OLLAMA | api/chat | {`options`:null,`options`:{`num_predict`:9}}",
        "OLLAMA | api/chat | {`options`:{`num_predict`:9,`max_tokens`:10}}"
      })
  void readers_may_follow_another_output(WireFormat format, String path, String body) {
    assertThat(new Operation(format, path).read(body)).isEmpty();
  }

  /** Requests that use the cache don't state its tools, so nobody would pay for their use. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{`functionDeclarations`:[{`name`:`f`}]} | true",
        "{`function_declarations`:[{`name`:`f`}]} | true",
        "{`googleSearch`:{}} | false",
        "{`google_search`:{}} | false",
        "{`functionDeclarations`:[]},{`codeExecution`:{}} | false",
        "{`unheardOf`:{}} | false"
      })
  void a_cache_keeps_only_tools_of_the_caller(String tools, boolean readable) {
    String body = "{`model`:`models/m`,`contents`:[{`parts`:[{`text`:`x`}]}],`tools`:[%s]}";

    assertThat(
            new Operation(WireFormat.GEMINI, "v1beta/cachedContents").read(body.formatted(tools)))
        .matches(read -> read.isPresent() == readable);
    assertThat(
            new Operation(WireFormat.GEMINI, "v1beta/models/m:generateContent")
                .read(body.formatted(tools)))
        .isPresent();
  }

  @Test
  void each_of_several_prompts_may_fill_the_context() {
    RequestedUse use =
        read(
            WireFormat.OPENAI,
            "completions",
            "{`prompt`:[`a`,`b`,`c`],`n`:2,`max_tokens`:7,`unheard_of`:`x`}");

    assertThat(use.refersElsewhere()).isTrue();
    assertThat(use.rounds()).isEqualTo(3);
    assertThat(use.statedOutputInAll()).hasValue(7 * 2 * 3);
  }

  @ParameterizedTest
  @CsvSource({
    "sonar-deep-research, true, -1",
    "perplexity/sonar-deep-research, true, -1",
    "grok-4.20-multi-agent, true, -1",
    "x-ai/grok-4.20-multi-agent-0309, true, -1",
    "openai/o3-deep-research, true, 9",
    "openai/gpt-4o:online, true, 9",
    "compound, true, 9",
    "groq/compound-mini, true, 9",
    "sonar, false, 9",
    "sonar-pro, false, 9",
    "perplexity/sonar-reasoning-pro, false, 9",
    "gpt-4o-search-preview, false, 9",
    "gpt-4o, false, 9"
  })
  void some_models_read_and_reason_as_much_as_they_like(
      String model, boolean unbounded, long output) {
    String named = "{`model`:`%s`,`max_tokens`:9,`messages`:[]}".formatted(model);
    String alike = "{`model`:`m`,`other_model`:`%s`,`max_tokens`:9}".formatted(model);

    assertThat(read(named).unboundedTools()).isEqualTo(unbounded);
    assertThat(read(named).refersElsewhere()).isEqualTo(unbounded);
    assertThat(read(named).statedOutput().orElse(-1)).isEqualTo(output);
    assertThat(read(named).outputField().isPresent()).isEqualTo(output > 0);
    assertThat(read(alike).unboundedTools()).isEqualTo(unbounded);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sonar-deep-research",
        "grok-4.20-multi-agent",
        "openai/gpt-4o:online",
        "compound",
        "sonar",
        "gpt-4o-search-preview",
        "gpt-4o"
      })
  void a_body_with_another_name_for_the_model_asks_for_the_same(String model) {
    String body = "{`model`:`%s`,`max_tokens`:9,`messages`:[]}";
    String ofCaller = body.formatted("x".repeat(model.length()));
    BodyUse named = bodyUse(WireFormat.OPENAI, CHAT, ofCaller, 3).named(model);

    assertThat(named.model()).isEqualTo(UsageModel.called(model));
    assertThat(named.at(Provider.OPENAI.caps(), true)).contains(read(body.formatted(model)));
  }

  @Test
  void a_name_like_that_of_a_bounded_model_bounds_no_other_model() {
    BodyUse use = bodyUse(WireFormat.OPENAI, CHAT, "{`model`:`qwen4-max`,`max_tokens`:9}", 3);
    ObeyedCaps caps = Provider.OPENAI_COMPAT.caps(ALIBABA);

    assertThat(use.at(caps, true).orElseThrow().statedOutput()).hasValue(9);
    assertThat(use.named("qwen-plus").at(caps, true).orElseThrow().statedOutput()).isEmpty();
  }

  @Test
  void what_openais_research_may_use_is_in_the_request() {
    RequestedUse use =
        read(
            WireFormat.OPENAI,
            "responses",
            "{`model`:`o3-deep-research`,`max_tool_calls`:3,`max_output_tokens`:9,"
                + "`tools`:[{`type`:`web_search`}]}");

    assertThat(use.unboundedTools()).isFalse();
    assertThat(use.rounds()).isEqualTo(4);
  }

  @Test
  void agents_that_a_model_starts_are_not_limited() {
    String body =
        "{`model`:`m`,`max_output_tokens`:9,`max_tool_calls`:1,`input`:`a`,`multi_agent`:%s}";
    RequestedUse use = read(WireFormat.OPENAI, "responses", body.formatted("{`enabled`:true}"));

    assertThat(use.unboundedTools()).isTrue();
    assertThat(use.statedOutput()).isEmpty();
    assertThat(read(WireFormat.OPENAI, "responses", body.formatted("null")).statedOutput())
        .hasValue(9);
  }

  @Test
  void a_page_that_a_tool_fetches_costs_a_fee_where_the_provider_charges_for_it() {
    String body = "{`max_tokens`:9,`tools`:[{`type`:`web_fetch_20250910`,`max_uses`:3}]}";
    BodyUse use = bodyUse(WireFormat.ANTHROPIC, "v1/messages", body, 9);
    RequestedUse charged = use.at(Provider.DEEPSEEK.caps(), true).orElseThrow();

    assertThat(charged.feesAtMost()).isEqualTo(FeesUsed.of(FeePiece.FETCH, 3));
    assertThat(charged.unstated().tools()).isEqualTo(FeesUsed.of(FeePiece.FETCH, 1));
    assertThat(use.at(Provider.ANTHROPIC.caps(), true).orElseThrow().feesAtMost().isNone())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"`pro`", "`Standard`", "5", "{}", "[`standard`]", "true"})
  void another_mode_of_reasoning_than_the_usual_one_is_not_limited(String mode) {
    String body =
        "{`model`:`m`,`max_output_tokens`:9,`input`:`a`,`reasoning`:{`effort`:`low`,`mode`:%s}}";
    RequestedUse use = read(WireFormat.OPENAI, "responses", body.formatted(mode));
    RequestedUse usual = read(WireFormat.OPENAI, "responses", body.formatted("`standard`"));

    assertThat(use.unboundedTools()).isTrue();
    assertThat(use.statedOutput()).isEmpty();
    assertThat(usual.unboundedTools()).isFalse();
    assertThat(usual.statedOutput()).hasValue(9);
    assertThat(read(WireFormat.OPENAI, "responses", body.formatted("null")).statedOutput())
        .hasValue(9);
  }

  @Test
  void a_cap_for_tools_counts_where_the_provider_obeys_it() {
    String body = "{`max_tool_calls`:0,`tools`:[{`type`:`web_search`}]}";
    for (Provider provider : Provider.known()) {
      boolean obeys = List.of("openai", "azure").contains(provider.wireName());
      for (String path : List.of("responses", CHAT)) {
        RequestedUse use =
            bodyUse(WireFormat.OPENAI, path, body, 3).at(provider.caps(), true).orElseThrow();
        boolean isCapped = obeys && path.equals("responses");
        assertThat(use.unboundedTools()).as(provider + " " + path).isEqualTo(!isCapped);
        assertThat(use.feesAtMost().isNone()).isEqualTo(isCapped);
      }
    }
  }

  private static final String FILE =
      "{`type`:`file`,`file`:{`filename`:`a.pdf`,`file_data`:`data:application/pdf;base64,QQ==`}}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "`n`:1 | false",
        "`plugins`:[{`id`:`file-parser`,`pdf`:{`engine`:`pdf-text`}}] | true",
        "`plugins`:[{`pdf`:{`engine`:`native`},`id`:`file-parser`}] | true",
        "`plugins`:[{`id`:`web`,`engine`:`exa`},{`id`:`file-parser`,`pdf`:{`engine`:`cloudflare-ai`}}]"
            + " | true",
        "`plugins`:[{`id`:`file-parser`,`pdf`:{`engine`:`mistral-ocr`}}] | false",
        "`plugins`:[{`id`:`file-parser`,`pdf`:{`engine`:`another`}}] | false",
        "`plugins`:[{`id`:`file-parser`,`pdf`:{`engine`:null}}] | false",
        "`plugins`:[{`id`:`file-parser`,`pdf`:{}}] | false",
        "`plugins`:[{`id`:`file-parser`,`engine`:`native`}] | false",
        "`plugins`:[{`id`:`web`,`engine`:`native`}] | false",
        "`plugins`:[{`id`:`web`,`pdf`:{`engine`:`native`}}] | false",
        "`plugins`:[{`id`:`file-parser`,`enabled`:false,`pdf`:{`engine`:`native`}}] | false",
        "`plugins`:[{`id`:`file-parser`,`pdf`:{`Engine`:`native`}}] | false",
        "`plugins`:[{`id`:`file-parser`,`pdf`:{`engine`:`native`,`engine`:`mistral-ocr`}}] | false",
        "`plugins`:[{`id`:`file-parser`,`pdf`:{`engine`:`mistral-ocr`},`pdf`:{`engine`:`native`}}]"
            + " | false",
        "`plugins`:[{`id`:`file-parser`,`pdf`:{`engine`:`mistral-ocr`}},"
            + "{`id`:`file-parser`,`pdf`:{`engine`:`native`}}] | false",
        "`plugins`:[{`id`:`web`,`id`:`file-parser`,`pdf`:{`engine`:`native`}}] | false",
        "`Plugins`:[{`id`:`file-parser`,`pdf`:{`engine`:`native`}}] | false",
        "`plugins`:[],`plugins`:[{`id`:`file-parser`,`pdf`:{`engine`:`native`}}] | false",
        "`plugins`:{`a`:{`id`:`file-parser`,`pdf`:{`engine`:`native`}}} | false"
      })
  void openrouter_reads_the_pages_of_files_unless_the_request_clearly_chooses_another_engine(
      String member, boolean isFree) {
    for (int files = 0; files < 3; files++) {
      String parts = ",FILE".repeat(files).replace("FILE", FILE);
      String body =
          "{`messages`:[{`role`:`user`,`content`:[{`type`:`text`,`text`:`engine`}%s]}],%s}"
              .formatted(parts, member);
      for (Provider provider : List.of(Provider.OPENROUTER, Provider.OPENAI)) {
        RequestedUse use =
            bodyUse(WireFormat.OPENAI, CHAT, body, 3).at(provider.caps(), true).orElseThrow();
        boolean isRead = provider.equals(Provider.OPENROUTER) && !isFree;
        assertThat(use.feesAtMost().count(FeeKind.PAGE))
            .as(provider + " " + body)
            .isEqualTo(isRead ? files * 1_000L : 0);
      }
    }
  }

  private static final String RESULTS = "`max_?[rR]esults`:[0-9.e]+";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{`tools`:[{`type`:`openrouter:web_search`}]} | 1",
        "{`tools`:[{`type`:`openrouter:web_search`,`parameters`:{`max_results`:10}}]} | 1",
        "{`tools`:[{`type`:`openrouter:web_search`,`parameters`:{`max_results`:11}}]} | 2",
        "{`tools`:[{`type`:`openrouter:web_search`,`parameters`:{`max_results`:20.5}}]} | 3",
        "{`tools`:[{`type`:`web_search`,`max_results`:25}]} | 3",
        "{`tools`:[{`type`:`web_search`,`max_results`:6},{`type`:`web_search`,`max_results`:16}]} | 2",
        "{`plugins`:[{`id`:`web`,`max_results`:20}]} | 2",
        "{`plugins`:[{`id`:`web`,`maxResults`:21}]} | 3",
        "{`plugins`:[{`id`:`web`,`max_results`:1e2}]} | 10",
        "{`plugins`:[{`id`:`web`,`max_results`:900}]} | 10",
        "{`plugins`:[{`id`:`web`}],`messages`:[{`role`:`user`,`max_results`:50}]} | 1",
        "{`plugins`:[{`id`:`web`,`max_results`:20}],`model`:`m:online`} | 2"
      })
  void openrouter_charges_a_search_by_its_results(String body, int searches) {
    for (Provider provider : List.of(Provider.OPENROUTER, Provider.OPENAI_COMPAT)) {
      RequestedUse use =
          bodyUse(WireFormat.OPENAI, CHAT, body, 3).at(provider.caps(), true).orElseThrow();
      int each = provider.equals(Provider.OPENROUTER) ? searches : 1;
      RequestedUse usual =
          bodyUse(WireFormat.OPENAI, CHAT, body.replaceAll(RESULTS, "`x`:1"), 3)
              .at(provider.caps(), true)
              .orElseThrow();
      assertThat(use.feesAtMost().count(FeeKind.WEB_SEARCH))
          .isEqualTo(usual.feesAtMost().count(FeeKind.WEB_SEARCH) * each)
          .isPositive();
      assertThat(use.feesAtMost().count(FeeKind.FILE_SEARCH))
          .isEqualTo(usual.feesAtMost().count(FeeKind.FILE_SEARCH));
      FeesUsed stated = FeesUsed.of(FeeKind.WEB_SEARCH, 3);
      assertThat(UnstatedUse.fees(OperationKind.TEXT, CHAT, stated, 1, 1, use.unstated()))
          .isEqualTo(FeesUsed.of(FeeKind.WEB_SEARCH, 3L * each));
    }
  }

  @Test
  void research_is_charged_for_all_that_it_states() {
    TokenUsage stated =
        TokenUsage.stated(20_049, 201_110, new TokenParts(0, 0, 0, 193_947, 0, 0, 0, 0, 0, 0));

    UseBounds bounds =
        UseBounds.of(read("{`model`:`sonar-deep-research`,`max_tokens`:9}"), ModelBounds.UNKNOWN);

    assertThat(bounds.within(stated)).isEqualTo(stated);
  }

  @Test
  void predicted_text_is_charged_as_output_where_it_is_wrong() {
    String body =
        "{`max_tokens`:9,`prediction`:{`type`:`content`,`content`:`abcdefghij`},`messages`:[]}";

    assertThat(read(body).statedOutput()).hasValue(9 + body.length());
    assertThat(read(body).refersElsewhere()).isFalse();
  }

  private record Operation(WireFormat format, String path) {
    Optional<RequestedUse> read(String body) {
      return scanned(format, path, body, body.length() / 2);
    }
  }

  /** Bodies that state the most output, in each spelling of each member that does. */
  private static Map<Operation, List<String>> everyOutput() {
    return Map.of(
        new Operation(WireFormat.OPENAI, "chat/completions"),
        List.of("{`max_tokens`:%s}", "{`max_completion_tokens`:%s}"),
        new Operation(WireFormat.OPENAI, "openai/deployments/d/chat/completions"),
        List.of("{`max_tokens`:%s}", "{`max_completion_tokens`:%s}"),
        new Operation(WireFormat.OPENAI, "responses"),
        List.of("{`max_output_tokens`:%s}"),
        new Operation(WireFormat.OPENAI, "completions"),
        List.of("{`max_tokens`:%s}"),
        new Operation(WireFormat.ANTHROPIC, "v1/messages"),
        List.of("{`max_tokens`:%s}"),
        new Operation(WireFormat.COHERE, "v1/chat"),
        List.of("{`max_tokens`:%s}"),
        new Operation(WireFormat.COHERE, "v2/chat"),
        List.of("{`max_tokens`:%s}"),
        new Operation(WireFormat.BEDROCK, "model/m/converse"),
        List.of("{`inferenceConfig`:{`maxTokens`:%s}}"),
        new Operation(WireFormat.OLLAMA, "api/generate"),
        List.of("{`options`:{`num_predict`:%s}}"),
        new Operation(WireFormat.GEMINI, "v1beta/models/m:generateContent"),
        List.of(
            "{`generationConfig`:{`maxOutputTokens`:%s}}",
            "{`generation_config`:{`max_output_tokens`:%s}}",
            "{`generation_config`:{`maxOutputTokens`:%s}}"));
  }

  private static String joined(String first, String second) {
    return first.substring(0, first.length() - 1) + "," + second.substring(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OPENAI | chat/completions | {`n`:3} | 3",
        "OPENAI | chat/completions | {`n`:`3`} | 3",
        "OPENAI | chat/completions | {`n`:3,`n`:2} | 3",
        "OPENAI | chat/completions | {`N`:3} | 3",
        "OPENAI | chat/completions | {`n`:null} | 1",
        "OPENAI | chat/completions | {`n`:2,`num_return_sequences`:9} | 9",
        "OPENAI | chat/completions | {`n`:0} | 1",
        "OPENAI | completions | {`n`:2,`best_of`:5} | 5",
        "OPENAI | completions | {`n`:2,`prompt`:[`a`,`b`,`c`]} | 6",
        "OPENAI | completions | {`prompt`:[1,2,3]} | 1",
        "OPENAI | completions | {`prompt`:[[1,2],[3]]} | 2",
        "OPENAI | images/generations | {`n`:4} | 4",
        "COHERE | v1/generate | {`num_generations`:4} | 4",
        "BEDROCK | model/m/converse | {`additionalModelRequestFields`:{`num_generations`:4}} | 4",
        "GEMINI | models/m:generateContent | {`generationConfig`:{`candidateCount`:4}} | 4"
      })
  void answers_are_counted(WireFormat format, String path, String body, int answers) {
    assertThat(read(format, path, body).answers()).isEqualTo(answers);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{`previous_response_id`:`resp_1`}",
        "{`provider`:`dearest`}",
        "{`conversation`:{`id`:`conv_1`}}",
        "{`cachedContent`:`cachedContents/1`}",
        "{`prompt`:{`id`:`pmpt_1`}}",
        "{`messages`:[{`content`:[{`image_url`:{`url`:`https://x/1.png`}}]}]}",
        "{`messages`:[{`content`:[{`type`:`image`,`source`:{`type`:`base64`,`data`:`AA`}}]}]}",
        "{`contents`:[{`parts`:[{`fileData`:{`fileUri`:`x`}}]}]}",
        "{`contents`:[{`parts`:[{`inline_data`:{`data`:`AA`}}]}]}",
        "{`input`:[{`content`:[{`type`:`input_file`,`file_id`:`file-1`}]}]}",
        "{`input`:[{`type`:`item_reference`,`id`:`msg_1`}]}",
        "{`input`:[{`type`:`reasoning`,`id`:`rs_1`,`summary`:[]}]}",
        "{`input`:[{`type`:`reasoning`,`id`:`rs_1`,`encrypted_content`:``}]}",
        "{`input`:[{`type`:`reasoning`,`id`:`rs_1`},{`type`:`message`,`encrypted_content`:`A`}]}",
        "{`messages`:[{`images`:[`AA`]}]}"
      })
  void references_to_what_the_body_does_not_hold_are_found(String body) {
    assertThat(read(WireFormat.OPENAI, "responses", body).refersElsewhere()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{`previous_response_id`:null,`conversation`:null,`container`:null}",
        "{`type`:`response.create`,`stream_id`:`s`,`input`:`text`}",
        "{`messages`:[{`content`:`image_url file_id`}]}",
        "{`messages`:[{`images`:[]}]}",
        "{`tools`:[{`type`:`function`,`function`:{`parameters`:{`properties`:{`file_id`:{}}}}}]}",
        "{`input`:[{`type`:`reasoning`,`id`:`rs_1`,`encrypted_content`:`AA`}]}",
        "{`messages`:[{`content`:[{`type`:`text`,`text`:`a book`}]}]}"
      })
  void other_bodies_hold_all_that_is_read(String body) {
    assertThat(read(WireFormat.OPENAI, "responses", body).refersElsewhere()).isFalse();
  }

  /** The token of a long answer stands for all that the model has written, and reads again. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GEMINI | {`continuationToken`:`t`} | true | false",
        "GEMINI | {`generationConfig`:{`continuationToken`:`t`}} | true | false",
        "GEMINI | {`generation_config`:{`continuation_token`:`t`}} | true | false",
        "GEMINI | {`generationConfig`:{`unheardOf`:[`t`]}} | true | false",
        "GEMINI | {`generationConfig`:{`unheardOf`:{}}} | true | true",
        "GEMINI | {`generationConfig`:{`unheardOf`:[{}]}} | true | true",
        "GEMINI | {`generationConfig`:{`unheardOf`:true}} | true | true",
        "GEMINI | {`generationConfig`:{`routingConfig`:{`autoMode`:{}}}} | true | true",
        "GEMINI | {`generationConfig`:{`modelSelectionConfig`:{}}} | true | true",
        "GEMINI | {`generationConfig`:{`response_json_schema_ordered`:{}}} | false | false",
        "GEMINI | {`generationConfig`:{`safetySettings`:[{}]}} | true | true",
        "GEMINI | {`responseSchema`:{}} | true | true",
        "GEMINI | {`generationConfig`:{`unheardOf`:5}} | false | false",
        "GEMINI | {`generationConfig`:{`unheardOf`:false}} | false | false",
        "GEMINI | {`generationConfig`:{`unheardOf`:null}} | false | false",
        "GEMINI | {`generationConfig`:{`responseSchema`:{`type`:`STRING`},`topK`:5}} | false | false",
        "GEMINI | {`generationConfig`:{`stopSequences`:[`x`],`responseLogprobs`:true}} | false | false",
        "GEMINI | {`generationConfig`:{`thinkingConfig`:{`includeThoughts`:true}}} | false | false",
        "OLLAMA | {`options`:{`numa`:true,`stop`:[`x`],`num_ctx`:4096}} | false | false",
        "OLLAMA | {`options`:{`unheardOf`:true}} | true | true",
        "BEDROCK | {`inferenceConfig`:{`stopSequences`:[`x`],`topP`:1}} | false | false",
        "BEDROCK | {`inferenceConfig`:{`unheardOf`:`x`}} | true | false",
        "BEDROCK | {`stopSequences`:[`x`]} | true | false",
        "BEDROCK | {`temperature`:{},`topP`:1} | true | true",
        "BEDROCK | {`additionalModelRequestFields`:{`top_k`:[`x`]}} | false | false"
      })
  void a_setting_that_is_not_known_may_change_what_is_read_and_done(
      WireFormat format, String body, boolean refers, boolean unbounded) {
    RequestedUse use = read(format, "v1beta/models/m:generateContent", body);

    assertThat(use.refersElsewhere()).isEqualTo(refers);
    assertThat(use.unboundedTools()).isEqualTo(unbounded);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OPENAI | {`tools`:[{`type`:`function`},{`type`:`custom`}]} | false | 1",
        "OPENAI | {`tools`:[{`type`:`web_search`}]} | true | 1",
        "OPENAI | {`tools`:[{`type`:`web_search`}],`max_tool_calls`:4} | false | 5",
        "OPENAI | {`tools`:[{`type`:`web_search`}],`max_tool_calls`:null} | true | 1",
        "OPENAI | {`tools`:[{`type`:`web_search`,`max_uses`:4}]} | true | 1",
        "GEMINI | {`tools`:[{`googleSearch`:{},`max_uses`:4}]} | true | 1",
        "ANTHROPIC | {`tools`:[{`type`:`web_search_1`}],`max_tool_calls`:4} | true | 1",
        "OPENAI | {`tools`:[{`type`:`function`,`type`:`web_search`}]} | true | 1",
        "OPENAI | {`tools`:[{`Type`:`web_search`}]} | true | 1",
        "OPENAI | {`tools`:[{`google_search`:{}}]} | true | 1",
        "OPENAI | {`tools`:[{`type`:`function`,`web_search`:true}]} | true | 1",
        "OPENAI | {`tools`:[{`type`:`function`,`strict`:true,`defer_loading`:false}]} | false | 1",
        "OPENAI | {`extra_body`:{}} | true | 1",
        "OPENAI | {`extra_body`:[{}]} | true | 1",
        "OPENAI | {`online`:true} | true | 1",
        "OPENAI | {`online`:[],`other`:7,`another`:null,`last`:false} | false | 1",
        "OPENAI | {`web_search_options`:{}} | true | 1",
        "OPENAI | {`web_search_options`:null} | false | 1",
        "OPENAI | {`provider`:{`only`:[`dearest`]}} | true | 1",
        "OPENAI | {`provider`:{}} | true | 1",
        "OPENAI | {`Provider`:[{}]} | true | 1",
        "OPENAI | {`provider`:null} | false | 1",
        "OPENAI | {`usage`:{`include`:true},`route`:`fallback`} | false | 1",
        "OPENAI | {`plugins`:[]} | false | 1",
        "OPENAI | {`plugins`:[{`id`:`web`}]} | true | 1",
        "OPENAI | {`tools`:null} | false | 1",
        "OPENAI | {`tools`:[{`type`:`namespace`,`tools`:[{`type`:`function`}]}]} | false | 1",
        "OPENAI | {`tools`:[{`type`:`namespace`,`tools`:[{`type`:`mcp`}]}]} | true | 1",
        "OPENAI | {`input`:[{`type`:`message`,`tools`:[{`type`:`mcp`}]}]} | true | 1",
        "ANTHROPIC | {`context_management`:{`edits`:[{`type`:`clear_thinking_1`}]}} | false | 1",
        "ANTHROPIC | {`context_management`:{`edits`:[{`type`:`compact_1`}]}} | true | 1",
        "ANTHROPIC | {`compaction`:{`type`:`summarize`,`instructions`:`t`}} | false | 1",
        "ANTHROPIC | {`compaction`:{`type`:`clear`}} | true | 1",
        "ANTHROPIC | {`context_management`:{`edits`:[{`type`:`summarize`}]}} | true | 1",
        "OPENAI | {`compaction`:{`type`:`summarize`}} | true | 1",
        "OPENAI | {`context_management`:[{`type`:`compaction`}]} | true | 1",
        "OPENAI | {`max_tool_calls`:0,`context_management`:[{`type`:`compaction`}]} | true | 1",
        "OPENAI | {`context_management`:[{`type`:`compaction`}],`max_tool_calls`:3} | true | 1",
        "OPENAI | {`max_tool_calls`:0,`extra_body`:{}} | true | 1",
        "OPENAI | {`max_tool_calls`:0,`online`:true} | true | 1",
        "OPENAI | {`max_tool_calls`:0,`provider`:{}} | true | 1",
        "OPENAI | {`max_tool_calls`:2,`tools`:[{`type`:`mcp`}],`online`:true} | true | 1",
        "OPENAI | {`max_tool_calls`:2,`tools`:[{`type`:`namespace`,`tools`:[{`type`:`mcp`}]}]}"
            + " | false | 3",
        "OPENAI | {`max_tool_calls`:1,`tools`:{`type`:`function`}} | false | 2",
        "OPENAI | {`tools`:{`type`:`function`}} | true | 1",
        "ANTHROPIC | {`tools`:[{`name`:`a`},{`type`:`bash_20250124`}]} | false | 1",
        "ANTHROPIC | {`tools`:[{`type`:`web_search_20250305`,`max_uses`:3}]} | false | 4",
        "ANTHROPIC | {`tools`:[{`type`:`web_search_20250305`}]} | true | 1",
        "ANTHROPIC | {`tools`:[{`type`:`web_search_20250305`,`MaxUses`:3}]} | true | 1",
        "ANTHROPIC | {`tools`:[{`max_uses`:3,`max_uses`:null,`type`:`web_fetch_1`}]} | true | 1",
        "ANTHROPIC | {`tools`:[{`type`:`a_1`,`max_uses`:2},{`type`:`b_1`,`max_uses`:3}]} | false |"
            + " 6",
        "ANTHROPIC | {`mcp_servers`:[{`url`:`x`}]} | true | 1",
        "ANTHROPIC | {`messages`:[{`role`:`system`,`content`:[{`type`:`tool_addition`,`tool`:{`type`:`tool_definition`,`definition`:{`type`:`web_search_20250305`}}}]}]} | true | 1",
        "ANTHROPIC | {`messages`:[{`role`:`system`,`content`:[{`type`:`tool_addition`,`tool`:{`type`:`tool_definition`,`definition`:{`type`:`web_search_20250305`,`max_uses`:3}}}]}]} | false | 4",
        "GEMINI | {`tools`:[{`functionDeclarations`:[{}]}]} | false | 1",
        "GEMINI | {`tools`:[{`googleSearch`:{}}]} | true | 1",
        "BEDROCK | {`toolConfig`:{`tools`:[{`toolSpec`:{`name`:`a`}},{`cachePoint`:{}}]}} | false | 1",
        "BEDROCK | {`toolConfig`:{`toolChoice`:{`tool`:{`name`:`a`}}}} | false | 1",
        "BEDROCK | {`toolConfig`:{`tools`:[{`toolSpec`:{}},{`systemTool`:{`name`:`a`}}]}} | true | 1",
        "BEDROCK | {`toolConfig`:{`Tools`:[{`systemTool`:{`name`:`a`}}]}} | true | 1",
        "BEDROCK | {`toolConfig`:{`tools`:[{`toolSpec`:{`inputSchema`:{`json`:{`systemTool`:{}}}}}]}}"
            + " | false | 1",
        "BEDROCK | {`additionalModelRequestFields`:{`top_k`:4,`thinking`:{`budget_tokens`:9}}} |"
            + " false | 1",
        "BEDROCK | {`additionalModelRequestFields`:{`tools`:[{`type`:`x`}]}} | true | 1",
        "BEDROCK | {`additionalModelRequestFields`:{`search`:true}} | true | 1",
        "BEDROCK | {`additionalModelResponseFieldPaths`:[`/a`],`requestMetadata`:{`a`:`b`}} |"
            + " false | 1",
        "BEDROCK | {`guardrailConfig`:{`guardrailIdentifier`:`g`}} | true | 1",
        "BEDROCK | {`promptVariables`:{`a`:{`text`:`b`}}} | true | 1",
        "COHERE | {`connectors`:[{`id`:`web-search`}]} | true | 1",
        "COHERE | {`tools`:[{`type`:`web_search`}]} | true | 1",
        "COHERE | {`tools`:[{`type`:`function`,`function`:{`name`:`f`}}]} | false | 1",
        "COHERE | {`tools`:[{`name`:`f`,`description`:`d`,`parameter_definitions`:{}}]} | false | 1",
        "OLLAMA | {`tools`:[{`type`:`web_search`}]} | true | 1",
        "OLLAMA | {`tools`:[{`type`:`function`,`function`:{`name`:`f`}},{`function`:{}}]} | false | 1"
      })
  void tools_of_the_provider_are_told_from_those_of_the_caller(
      WireFormat format, String body, boolean unbounded, int rounds) {
    RequestedUse use =
        read(format, format == WireFormat.BEDROCK ? "model/m/converse" : "responses", body);

    assertThat(use.unboundedTools()).isEqualTo(unbounded);
    assertThat(use.unboundedTools() ? 1 : use.rounds()).isEqualTo(rounds);
    assertThat(use.refersElsewhere()).isEqualTo(unbounded || rounds > 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "anthropic/models/m:rawPredict | {`tools`:[{`name`:`a`}]} | false | 1 | false",
        "anthropic/models/m:rawPredict | {`tools`:[{`type`:`web_search_20250305`,`max_uses`:3}]} |"
            + " false | 4 | true",
        "anthropic/models/m:rawPredict | {`tools`:[{`type`:`web_search_20250305`}]} | true | 1 |"
            + " true",
        "Anthropic/models/m:rawPredict | {`tools`:[{`type`:`web_search_20250305`}]} | true | 1 |"
            + " true",
        "mistralai/models/m:rawPredict | {`tools`:[{`type`:`function`,`function`:{}}]} | false | 1 |"
            + " false",
        "mistralai/models/m:rawPredict | {`tools`:[{`type`:`anything`}]} | true | 1 | true",
        "mistralai/models/m:rawPredict | {`tools`:[{`type`:`anything`,`max_uses`:1}]} | true | 1 |"
            + " true",
        "mistralai/models/m:rawPredict | {`tools`:[{`type`:`anything`}],`max_tool_calls`:1} | true |"
            + " 1 | true",
        "google/models/m:generateContent | {`tools`:[{`functionDeclarations`:[{}]}]} | false | 1 |"
            + " false",
        "google/models/m:generateContent | {`tools`:[{`googleSearch`:{}}]} | true | 1 | true",
        "google/models/text-embedding-005:predict | {`instances`:[{`content`:`a`,`title`:`b`}],"
            + "`parameters`:{`outputDimensionality`:8}} | false | 1 | false",
        "google/models/multimodalembedding@001:predict | {`instances`:[{`image`:{`a`:`b`}}]} |"
            + " false | 1 | true",
        "google/models/imagen-4:predict | {`instances`:[{`prompt`:`a`}]} | true | 1 | true"
      })
  void bodies_on_vertex_are_read_as_those_of_the_publisher(
      String publisher, String body, boolean unbounded, int rounds, boolean elsewhere) {
    RequestedUse use = read(WireFormat.VERTEX, "publishers/" + publisher, body);

    assertThat(use.unboundedTools()).isEqualTo(unbounded);
    assertThat(use.rounds()).isEqualTo(rounds);
    assertThat(use.refersElsewhere()).isEqualTo(elsewhere);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "7",
        "{`a`:1",
        "{`model`:`a`,`model`:`b`}",
        "{`Model`:`a`}",
        "{`model`:7}",
        "{`Model`:`a`,`model`:`b`}",
        "{`model`:`b`,`_model`:`a`}",
        "{`model`:`b`,`mo\\u0064el`:`a`}",
        "{`model\\u0000`:`b`}",
        "\uFEFF{`model`:`b`}",
        "{`n`:1e3}",
        "{`n`:`many`}",
        "{`n`:[1]}",
        "{`n`:99999999}",
        "{`background`:true}",
        "{`background`:`true`}",
        "{`background`:1}"
      })
  void a_body_of_which_no_reading_is_the_dearest_is_not_readable(String body) {
    assertThat(scanned(WireFormat.OPENAI, CHAT, body, body.length())).isEmpty();
  }

  @Test
  void it_reads_the_same_however_the_body_is_split() {
    String body =
        json(
            "{`model`:`m`,`prompt`:[`a`,`b`],`n`:`2`,`max_tokens`:12,`images`:[`x`],`stream`:true}");
    for (int split = 0; split <= body.length(); split++) {
      RequestedUse use = scanned(WireFormat.OPENAI, "completions", body, split).orElseThrow();

      assertThat(use.model().name()).isEqualTo("m");
      assertThat(use.statedOutputInAll()).hasValue(48);
      assertThat(use.refersElsewhere()).isTrue();
      assertThat(use.streams()).isTrue();
      assertThat(use.outputField()).contains("max_tokens");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OPENAI | {`model`:`a`,`models`:[`a`,`b`]} | a | a b",
        "OPENAI | {`models`:[`a`,`b`],`model`:`a`} | a | a b",
        "OPENAI | {`model`:`a`,`models`:[]} | a | ''",
        "OPENAI | {`model`:`a`,`models`:null} | a | ''",
        "OPENAI | {`models`:[`a`,`b`]} | a | b",
        "OPENAI | {`models`:[`x`]} | x | ''",
        "OPENAI | {`model`:`a`,`Fallback_Models`:[`b`]} | a | b",
        "OPENAI | {`model`:`a`,`fallbacks`:[{`b`:[`c`]}]} | a | a",
        "OPENAI | {`model`:`a`,`models`:[[`b`]]} | a | a",
        "OPENAI | {`model`:`a`,`models`:{`model`:`b`}} | a | b",
        "OPENAI | {`model`:`a`,`models`:true} | a | a",
        "OPENAI | {`model`:`a`,`models`:[`b`],`fallbacks`:7} | a | a b",
        "ANTHROPIC | {`model`:`a`,`fallbacks`:`default`} | a | a",
        "ANTHROPIC | {`fallbacks`:[{`model`:`b`},{`model`:`c`}],`model`:`a`} | a | b c",
        "ANTHROPIC | {`model`:`a`,`fallbacks`:[{`speed`:`fast`},{`Mod\u0065l`:`b`}]} | a | a b",
        "ANTHROPIC | {`model`:`a`,`fallbacks`:[{`model`:7}]} | a | a",
        "ANTHROPIC | {`model`:`a`,`fallbacks`:[{`thinking`:{`model`:`b`}}]} | a | a b",
        "ANTHROPIC | {`model`:`a`,`fallbacks`:[{`model`:`b`,`max_tokens`:9,`thinking`:{`type`:`c`},"
            + "`output_config`:{`format`:{`schema`:{`required`:[`d`]}}}}]} | a | b"
      })
  void a_call_keeps_its_model_beside_those_that_may_answer_in_its_place(
      WireFormat format, String body, String called, String others) {
    String path = format == WireFormat.OPENAI ? CHAT : "v1/messages";
    RequestedUse use = read(format, path, body);

    assertThat(use.model().name()).isEqualTo(called);
    assertThat(use.others().stream().map(UsageModel::name).sorted().toList())
        .isEqualTo(others.isEmpty() ? List.of() : List.of(others.split(" ")));
  }

  @Test
  void a_substitute_reads_the_body_and_the_unfinished_answers_before_its_own() {
    String body =
        "{`model`:`a`,`max_tokens`:100,`messages`:[{`role`:`user`,`content`:`hello`}],"
            + "`fallbacks`:[{`model`:`b`,`max_tokens`:300},{`model`:`c`}]}";
    RequestedUse use = read(WireFormat.ANTHROPIC, "v1/messages", body);

    assertThat(use.substitutes()).isEqualTo(use.others());
    assertThat(use.refersElsewhere()).isFalse();
    assertThat(use.statedOutputInAll()).hasValue(300);
    RequestedUse other = use.ofOther(UsageModel.called("b"));
    assertThat(other.refersElsewhere()).isFalse();
    assertThat(other.statedOutputInAll()).hasValue(300);
    assertThat(other.bodyBytes()).isEqualTo(use.bodyBytes() + 2 * 300);
  }

  @Test
  void a_model_that_is_named_for_a_tool_too_may_use_as_much_as_for_the_tool() {
    RequestedUse use =
        read("{`model`:`a`,`models`:[`b`],`tools`:[{`type`:`x`,`model`:`b`}],`max_tokens`:7}");

    assertThat(use.substitutes()).isEmpty();
    assertThat(use.ofOther(UsageModel.called("b")).statedOutputInAll()).isEmpty();
  }

  @Test
  void a_tier_of_a_substitute_is_permitted_besides_that_of_the_call() {
    String body =
        "{`model`:`a`,`inference_geo`:`global`,`service_tier`:`standard_only`,"
            + "`fallbacks`:[{`model`:`b`,`speed`:`%s`}]}";

    assertThat(read(WireFormat.ANTHROPIC, "v1/messages", body.formatted("fast")).tiers())
        .containsExactlyInAnyOrder(ServiceTier.STANDARD, ServiceTier.of("fast"));
    assertThat(read(WireFormat.ANTHROPIC, "v1/messages", body.formatted("standard")).tiers())
        .containsExactly(ServiceTier.STANDARD);
  }

  @ParameterizedTest
  @CsvSource({
    "invoke, '', '', standard",
    "invoke, default, '', standard",
    "invoke, flex, '', flex standard",
    "invoke-with-response-stream, priority, '', priority standard",
    "invoke, '', optimized, optimized standard",
    "invoke, unheard-of, '', standard unheard-of",
    "converse, priority, optimized, standard"
  })
  void headers_of_an_invocation_choose_a_tier(
      String operation, String tier, String latency, String tiers) {
    HttpHeaders headers = new DefaultHttpHeaders();
    if (!tier.isEmpty()) {
      headers.add("X-Amzn-Bedrock-Service-Tier", tier);
    }
    if (!latency.isEmpty()) {
      headers.add("X-Amzn-Bedrock-PerformanceConfig-Latency", latency);
    }

    RequestedUse use = invoked(operation, headers).orElseThrow();

    assertThat(use.tiers().stream().map(ServiceTier::name).sorted().toList())
        .isEqualTo(List.of(tiers.split(" ")));
  }

  @Test
  void two_headers_that_choose_a_tier_are_not_readable() {
    HttpHeaders headers = new DefaultHttpHeaders();
    headers.add("X-Amzn-Bedrock-Service-Tier", List.of("flex", "priority"));

    assertThat(invoked("invoke", headers)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"responses, painter", "openai/v1/responses, painter", "chat/completions, ''"})
  void the_deployment_in_azures_header_may_be_used_too(String path, String other) {
    HttpHeaders headers = new DefaultHttpHeaders();
    headers.add("X-MS-OAI-Image-Generation-Deployment", "painter");

    RequestedUse use =
        sent(WireFormat.OPENAI, path, headers, json("{`model`:`m`,`input`:`x`}")).orElseThrow();

    assertThat(use.others().stream().map(UsageModel::name).toList())
        .isEqualTo(other.isEmpty() ? List.of() : List.of(other));
  }

  @ParameterizedTest
  @CsvSource({
    "google/models/g:generateContent, '', '', '', standard",
    "google/models/g:generateContent, '', priority, '', priority standard",
    "google/models/g:streamGenerateContent, '', Flex, '', flex standard",
    "google/models/g:rawPredict, '', priority, '', priority standard",
    "google/models/g:generateContent, '', standard, '', standard",
    "google/models/g:generateContent, '', unheard-of, '', standard unheard-of",
    "google/models/g:generateContent, shared, '', '', standard",
    "google/models/g:generateContent, shared, priority, '', priority standard",
    "google/models/g:generateContent, dedicated, '', '', scale standard",
    "google/models/g:generateContent, unheard-of, '', '', standard unheard-of",
    "google/models/g:generateContent, '', '', SERVICE_TIER_FLEX, standard",
    "google/models/g:generateContent, '', '', SERVICE_TIER_PRIORITY, priority standard",
    "google/models/g:generateContent, '', flex, priority, flex priority standard",
    "anthropic/models/c:rawPredict, '', priority, '', other",
  })
  void headers_of_a_call_to_a_model_of_google_on_vertex_ai_choose_a_tier(
      String operation, String type, String shared, String inBody, String tiers) {
    HttpHeaders headers = new DefaultHttpHeaders();
    if (!type.isEmpty()) {
      headers.add("X-Vertex-AI-LLM-Request-Type", type);
    }
    if (!shared.isEmpty()) {
      headers.add("X-Vertex-AI-LLM-Shared-Request-Type", shared);
    }
    String tier = inBody.isEmpty() ? "" : "`serviceTier`:`" + inBody + "`,";

    RequestedUse use =
        sent(
                WireFormat.VERTEX,
                "publishers/" + operation,
                headers,
                json("{" + tier + "`contents`:[]}"))
            .orElseThrow();

    assertThat(use.tiers().stream().map(ServiceTier::name).sorted().toList())
        .isEqualTo(List.of(tiers.split(" ")));
  }

  private static Optional<RequestedUse> invoked(String operation, HttpHeaders headers) {
    return sent(
        WireFormat.BEDROCK,
        "model/anthropic.claude-x/" + operation,
        headers,
        json("{`max_tokens`:9,`messages`:[]}"));
  }

  private static Optional<RequestedUse> sent(
      WireFormat format, String path, HttpHeaders headers, String body) {
    UseScan scan =
        UseScan.of(
            OperationKind.TEXT,
            format,
            path,
            format.api().modelInPath(path),
            BodyType.of(headers),
            headers);
    byte[] bytes = body.getBytes(UTF_8);
    CallReading reading = CallReading.of(scan);
    reading.read(bytes, 0, bytes.length);
    reading.end();
    return scan.use(bytes.length).at(ObeyedCaps.LEAST, true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{`model`:`a`,`fallbacks`:[{`model`:`b`},{`model`:`b`}]}",
        "{`model`:`a`,`fallbacks`:[{`model`:`b`}],`models`:[`b`]}",
        "{`model`:`a`,`fallbacks`:[{`model`:`b`,`max_tokens`:`9`}]}",
        "{`model`:`a`,`fallbacks`:[{`model`:`b`,`speed`:1}]}",
        "{`model`:`a`,`fallbacks`:[{`model`:`b`,`Speed`:`fast`}]}",
        "{`model`:`a`,`models`:[`1`,`2`,`3`,`4`,`5`,`6`,`7`,`8`,`9`]}"
      })
  void a_choice_of_models_that_has_no_dearest_reading_is_not_readable(String body) {
    assertThat(scanned(WireFormat.ANTHROPIC, "v1/messages", body, 9)).isEmpty();
  }

  @Test
  void settings_of_a_substitute_that_are_not_known_may_permit_anything() {
    String entry = "{`model`:`a`,`fallbacks`:[{`model`:`b`,%s}]}";

    assertThat(
            read(WireFormat.ANTHROPIC, "v1/messages", entry.formatted("`tools`:[{`a`:1}]"))
                .unboundedTools())
        .isTrue();
    assertThat(read(WireFormat.ANTHROPIC, "v1/messages", entry.formatted("`n`:5")).answers())
        .isEqualTo(5);
  }

  /** Anthropic only fills the cache then. Others may take 0 for no maximum. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "anthropic | `max_tokens`:0 | 0",
        "anthropic | `max_tokens`:0,`max_tokens`:9 | 9",
        "anthropic | `max_tokens`:-0 | unreadable",
        "anthropic | `max_tokens`:0.0 | unreadable",
        "anthropic | `max_tokens`:0e1 | unreadable",
        "anthropic | `Max_Tokens`:0 | unreadable",
        "anthropic | `max_tokens`:9,`fallbacks`:[{`model`:`b`,`max_tokens`:0}] | unreadable",
        "openrouter | `max_tokens`:0 | unreadable",
        "house | `max_tokens`:0 | unreadable"
      })
  void a_maximum_of_0_is_understood_only_where_the_model_then_writes_nothing(
      String provider, String members, String expected) {
    JsonUseScan scan =
        new JsonUseScan(
            WireFormat.ANTHROPIC.api(), "v1/messages", OperationKind.TEXT, Optional.empty(), true);
    String body = json("{`model`:`m`," + members + "}");
    feed(scan, body, body.length());

    Optional<RequestedUse> use = scan.use(body.length()).at(Provider.of(provider).caps(), false);
    assertThat(use.map(each -> Long.toString(each.statedOutput().getAsLong())).orElse("unreadable"))
        .isEqualTo(expected);
  }

  /** Bodies of others are read after this one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{`tools`:[{}%s]} | ,{`type`:`code_interpreter`,`container`:`c#`}",
        "{`tools`:[{`container`:{`a`:0%s}}]} | ,`memory_limit`:`m#`",
        "{`messages`:[{`tools`:[{}%s]}]} | ,{`type`:`code_interpreter`,`container`:{`memory_limit`:`m#`}}",
        "{`model`:`m`%s} | ,`service_tier`:`t#`"
      })
  void a_body_with_many_containers_or_tiers_is_read_as_fast_as_another(String body) {
    String[] parts = json(body).split(" \\| ");
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 80_000; i++) {
      many.append(parts[1].replace("#", Integer.toString(i)));
    }

    // The CPU time of this thread does not depend on what else the machine does.
    long began = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    sent(
        WireFormat.OPENAI,
        "responses",
        new DefaultHttpHeaders().set("Content-Type", "application/json"),
        parts[0].formatted(many));
    long took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - began;

    assertThat(Duration.ofNanos(took)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void the_model_of_the_path_counts() {
    JsonUseScan scan =
        new JsonUseScan(
            WireFormat.GEMINI.api(),
            "v1beta/models/m:generateContent",
            OperationKind.TEXT,
            Optional.of("m"),
            true);
    feed(scan, json("{`model`:`models/other`}"), 3);

    RequestedUse use = scan.use(24).at(ObeyedCaps.LEAST, true).orElseThrow();
    assertThat(use.model().name()).isEqualTo("m");
    assertThat(use.others()).extracting(UsageModel::name).containsExactly("other");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{`tools`:[{`type`:`image_generation`,`model`:`dear`}]} | dear",
        "{`tools`:[{`type`:`advisor_20260301`,`Model`:`dear`,`max_uses`:2}]} | dear",
        "{`tools`:[{`type`:`function`,`mod\\u0065l`:`dear`}]} | dear",
        "{`tools`:[{`type`:`x`,`parameters`:{`image_model`:`dear`}}]} | dear",
        "{`tools`:[{`type`:`x`,`fallbacks`:[`dear`,`b`]}]} | b dear",
        "{`tools`:[{`type`:`x`,`agents`:[{`modelId`:`dear`}]}]} | dear",
        "{`moderation_model`:`dear`} | dear",
        "{`moderation`:{`model`:`omni-moderation-latest`,`policy`:{`input`:{`mode`:`block`}}}} | ''",
        "{`moderation`:{`policy`:{`model`:`dear`}}} | dear",
        "{`moderation`:{`fallback_model`:`dear`}} | dear",
        "{`other`:{`moderation`:{`model`:`dear`}}} | dear",
        "{`reasoning`:{`model`:`dear`}} | dear",
        "{`unheard_of`:[{`model`:`dear`}]} | dear",
        "{`input`:[{`role`:`user`,`content`:`{}`,`model`:`dear`}]} | ''",
        "{`metadata`:{`model`:`dear`}} | ''",
        "{`tools`:[{`type`:`function`,`parameters`:{`properties`:{`model`:{`type`:`string`}},"
            + "`required`:[`model`]}}]} | ''",
        "{`tools`:[{`type`:`x`,`model`:`mine`}]} | ''"
      })
  void models_that_are_named_for_tools_count_as_well(String body, String others) {
    String named = "{`model`:`mine`," + body.substring(1);
    RequestedUse use = read(WireFormat.OPENAI, "responses", named);

    assertThat(use.model().name()).isEqualTo("mine");
    assertThat(use.others().stream().map(UsageModel::name).sorted().toList())
        .isEqualTo(others.isEmpty() ? List.of() : List.of(others.split(" ")));
  }

  @Test
  void more_models_than_anybody_needs_make_a_body_unreadable() {
    String nine = "{`x`:{`models`:[`1`,`2`,`3`,`4`,`5`,`6`,`7`,`8`,`9`]}}";

    assertThat(new Operation(WireFormat.OPENAI, CHAT).read(nine)).isEmpty();
  }

  /** The called model itself is none of the other models, wherever else the body names it. */
  @ParameterizedTest
  @ValueSource(strings = {"{`model`:`0`,`x`:{`models`:[%s]}}", "{`models`:[%s]}"})
  void a_model_beyond_the_most_is_not_left_out_if_the_called_model_is_named_again(String body) {
    String nine = "`0`,`1`,`2`,`3`,`4`,`5`,`6`,`7`,`8`";
    Operation chat = new Operation(WireFormat.OPENAI, CHAT);

    assertThat(chat.read(body.formatted(nine)).orElseThrow().others()).hasSize(8);
    assertThat(chat.read(body.formatted(nine + ",`dear`"))).isEmpty();
  }

  @Test
  void a_ranking_reads_the_query_with_each_document() {
    for (Operation ranking :
        List.of(
            new Operation(WireFormat.OPENAI, "rerank"),
            new Operation(WireFormat.COHERE, "v1/rerank"),
            new Operation(WireFormat.COHERE, "v2/rerank"))) {
      String query = "q".repeat(1_000);
      String body = "{`model`:`m`,`query`:`" + query + "`,`documents`:[`a`,`b`,`c`,`d`]}";
      RequestedUse use = ranking.read(body).orElseThrow();

      assertThat(use.refersElsewhere()).isFalse();
      assertThat(use.bodyBytes()).isBetween(4L * 1_000, 5L * 1_200);
      String longer = body.replace("`d`", "`" + "d".repeat(5_000) + "`");
      assertThat(ranking.read(longer).orElseThrow().bodyBytes()).isGreaterThan(14L * 1_000);
    }
    String pictures = "{`query`:`q`,`documents`:[{`image`:`u`},{`image`:`v`},{`text`:`w`}]}";
    RequestedUse use = new Operation(WireFormat.OPENAI, "rerank").read(pictures).orElseThrow();
    assertThat(use.refersElsewhere()).isTrue();
    assertThat(use.rounds()).isEqualTo(3);
  }

  @Test
  void each_input_of_a_vector_may_fill_the_model() {
    String body = "{`inputs`:[{`content`:[{`type`:`image_url`}]},{`content`:[]}]}";
    RequestedUse use = new Operation(WireFormat.COHERE, "v2/embed").read(body).orElseThrow();

    assertThat(use.refersElsewhere()).isTrue();
    assertThat(use.rounds()).isEqualTo(2);
    assertThat(read(WireFormat.OPENAI, "embeddings", "{`input`:[1,2,3]}").bodyBytes())
        .isEqualTo(17);
  }

  private static RequestedUse read(String body) {
    return read(WireFormat.OPENAI, CHAT, body);
  }

  private static RequestedUse read(WireFormat format, String path, String body) {
    return scanned(format, path, body, body.length() / 2).orElseThrow();
  }

  private static Optional<RequestedUse> scanned(
      WireFormat format, String path, String body, int split) {
    return bodyUse(format, path, body, split).at(Provider.OPENAI.caps(), true);
  }

  private static BodyUse bodyUse(WireFormat format, String path, String body, int split) {
    JsonUseScan scan =
        new JsonUseScan(format.api(), path, OperationKind.of("POST", path), Optional.empty(), true);
    feed(scan, json(body), split);
    return scan.use(body.length());
  }

  private static void feed(JsonUseScan scan, String body, int split) {
    byte[] bytes = body.getBytes(UTF_8);
    CallReading reading = CallReading.of(scan);
    reading.read(bytes, 0, split);
    reading.read(bytes, split, bytes.length);
    reading.end();
  }

  private static String json(String body) {
    return body.replace('`', '"');
  }
}
