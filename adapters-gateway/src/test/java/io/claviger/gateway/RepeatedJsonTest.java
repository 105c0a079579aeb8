package io.claviger.gateway;

import static io.claviger.domain.standards.WireFormat.ANTHROPIC;
import static io.claviger.domain.standards.WireFormat.COHERE;
import static io.claviger.domain.standards.WireFormat.GEMINI;
import static io.claviger.domain.standards.WireFormat.OLLAMA;
import static io.claviger.domain.standards.WireFormat.OPENAI;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.EstimatedUsage;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.testkit.http.TestResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers repeat what callers write. Nothing of that says what a call has used. */
class RepeatedJsonTest {
  /** Every name by which any format states usage, as an object. */
  private static final String OBJECT =
      """
      {'usage':{'prompt_tokens':PP,'input_tokens':PP,'completion_tokens':PP,'output_tokens':PP,'total_tokens':PP,\
      'cache_creation_input_tokens':PP,'cache_read_input_tokens':PP,'cached_tokens':PP,'prompt_cache_hit_tokens':PP,\
      'cache_creation':{'ephemeral_5m_input_tokens':PP,'ephemeral_1h_input_tokens':PP},'reasoning_tokens':PP,\
      'citation_tokens':PP,\
      'prompt_tokens_details':{'cached_tokens':PP,'cache_write_tokens':PP,'audio_tokens':PP,'image_tokens':PP,\
      'video_tokens':PP},\
      'completion_tokens_details':{'reasoning_tokens':PP,'audio_tokens':PP,'image_tokens':PP},\
      'input_tokens_details':{'cached_tokens':PP},'input_token_details':{'audio_tokens':PP,\
      'cached_tokens_details':{'audio_tokens':PP,'image_tokens':PP}},\
      'output_tokens_details':{'reasoning_tokens':PP},\
      'iterations':[{'input_tokens':PP,'output_tokens':PP}],'billed_units':{'input_tokens':PP,'output_tokens':PP},\
      'tokens':{'input_tokens':PP,'output_tokens':PP}},'prompt_tokens':PP,'completion_tokens':PP,'input_tokens':PP,\
      'output_tokens':PP,'iterations':[{'input_tokens':PP,'output_tokens':PP}],'cache_read_input_tokens':PP,\
      'billed_units':{'input_tokens':PP,'output_tokens':PP},'tokens':{'input_tokens':PP,'output_tokens':PP},\
      'response':{'usage':{'input_tokens':PP,'output_tokens':PP}},'message':{'usage':{'output_tokens':PP}},\
      'x_groq':{'usage':{'prompt_tokens':PP}},'meta':{'billed_units':{'input_tokens':PP}},\
      'delta':{'usage':{'billed_units':{'input_tokens':PP}}},'usageMetadata':{'promptTokenCount':PP,\
      'candidatesTokenCount':PP,'thoughtsTokenCount':PP,'toolUsePromptTokenCount':PP,'cachedContentTokenCount':PP,\
      'promptTokensDetails':[{'modality':'AUDIO','tokenCount':PP}],\
      'cacheTokensDetails':[{'modality':'AUDIO','tokenCount':PP}]},'promptTokenCount':PP,'modality':'IMAGE',\
      'prompt_eval_count':PP,'eval_count':PP,'done':true,'is_finished':true,'type':'message_stop','url':'u',\
      'b64_json':'AA','text':'t','data':[{'url':'u'}],'choices':[],'model':'planted'}\
      """;

  private static final TokenUsage STATED =
      TokenUsage.stated(1100, 700, new TokenParts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0));

  @AutoClose private final Rig rig = new Rig();
  private int calls;

  /**
   * Answers with objects (&lt;) and text (&gt;) of the caller, which state 1,100 tokens of input
   * and 700 of output.
   */
  static Stream<Arguments> answers() {
    return Stream.of(
        of(
            OPENAI,
            "chat/completions",
            "{'model':'m','choices':[{'message':{'content':>,'tool_calls':[{'function':{'arguments':>}}]},"
                + "'logprobs':<}],'usage':{'prompt_tokens':1100,'completion_tokens':700},'metadata':<}"),
        of(
            OPENAI,
            "responses",
            "{'usage':{'input_tokens':1100,'output_tokens':700},'model':'m','tools':[{'type':'function',"
                + "'parameters':<},<],'text':{'format':{'schema':<}},'output':[<,{'content':[{'text':>}]}],"
                + "'metadata':<,'instructions':>,'prompt':{'variables':<}}"),
        of(
            OPENAI,
            "rerank",
            "{'results':[{'document':<}],'usage':{'prompt_tokens':1100,'total_tokens':1100},"
                + "'meta':{'tokens':{'output_tokens':700},'document':<}}"),
        of(
            OPENAI,
            "audio/transcriptions",
            "{'text':>,'words':[<],'usage':{'type':'tokens','input_tokens':1100,"
                + "'output_tokens':700},'segments':[<]}"),
        of(
            OPENAI,
            "images/generations",
            "{'usage':{'input_tokens':1100,'output_tokens':700},'a':<,'data':[]}"),
        of(
            ANTHROPIC,
            "v1/messages",
            "{'type':'message','usage':{'input_tokens':1100,'output_tokens':700,'server_tool_use':<},"
                + "'content':[{'type':'tool_use','input':<},{'type':'text','text':>,'citations':[<]}],"
                + "'stop_sequence':>}"),
        of(
            COHERE,
            "v2/chat",
            "{'usage':{'tokens':{'input_tokens':1100,'output_tokens':700}},'message':{'tool_calls':[{'function':"
                + "{'arguments':>}}],'content':[{'text':>}],'citations':[{'sources':[{'document':<}]}]}}"),
        of(
            COHERE,
            "v1/chat",
            "{'meta':{'billed_units':{'input_tokens':1100,'output_tokens':700}},'text':>,'documents':[<],"
                + "'tool_calls':[{'parameters':<}],'chat_history':[<]}"),
        of(
            COHERE,
            "v2/rerank",
            "{'meta':{'billed_units':{'input_tokens':1100},'tokens':{'input_tokens':1100,'output_tokens':700}},"
                + "'results':[{'document':<}]}"),
        of(
            GEMINI,
            "v1beta/models/m:generateContent",
            "{'usageMetadata':{'promptTokenCount':1100,'candidatesTokenCount':700},'candidates':[{'content':{"
                + "'parts':[{'functionCall':{'args':<}},{'text':>},<]},'groundingMetadata':<}]}"),
        of(
            OLLAMA,
            "api/chat",
            "{'message':{'content':>,'tool_calls':[{'function':{'arguments':<}}]},'done':true,"
                + "'prompt_eval_count':1100,'eval_count':700,'context':[<]}"));
  }

  static Stream<Arguments> streams() {
    return Stream.of(
        of(
            OPENAI,
            "chat/completions",
            "text/event-stream",
            "data: {'choices':[{'delta':{'content':>,'tool_calls':[<]}}],'usage':null}~~"
                + "data: {'choices':[],'usage':{'prompt_tokens':1100,'completion_tokens':700}}~~data: [DONE]~~"),
        of(
            OPENAI,
            "responses",
            "text/event-stream",
            "event: response.created~data: {'type':'response.created','response':{'tools':[{'parameters':<}],"
                + "'usage':null}}~~data: {'type':'response.output_item.done','item':<}~~"
                + "data: {'type':'response.output_text.delta','delta':>}~~"
                + "data: {'type':'response.completed','response':{'output':[<],'usage':{'input_tokens':1100,"
                + "'output_tokens':700},'tools':[{'parameters':<}]}}~~"),
        of(
            ANTHROPIC,
            "v1/messages",
            "text/event-stream",
            "event: message_start~data: {'type':'message_start','message':{'content':[<],'usage':{"
                + "'input_tokens':1100,'output_tokens':1}}}~~data: {'type':'content_block_start',"
                + "'content_block':{'input':<}}~~data: {'type':'content_block_delta','delta':{'partial_json':>,"
                + "'citation':<}}~~data: {'type':'message_delta','usage':{'output_tokens':700},"
                + "'delta':{'stop_sequence':>}}~~data: {'type':'message_stop'}~~"),
        of(
            COHERE,
            "v2/chat",
            "text/event-stream",
            "data: {'type':'citation-start','delta':{'message':{'citations':{'sources':[{'document':<}]}}}}~~"
                + "data: {'type':'message-end','delta':{'usage':{'tokens':{'input_tokens':1100,"
                + "'output_tokens':700}}}}~~"),
        of(
            COHERE,
            "v1/chat",
            "application/stream+json",
            "{'is_finished':false,'event_type':'search-results','documents':[<]}~"
                + "{'is_finished':true,'response':{'documents':[<],'tool_calls':[{'parameters':<}],'text':>,"
                + "'meta':{'tokens':{'input_tokens':1100,'output_tokens':700}}}}~"),
        of(
            GEMINI,
            "v1beta/models/m:streamGenerateContent?alt=sse",
            "text/event-stream",
            "data: {'candidates':[{'content':{'parts':[{'functionCall':{'args':<}}]}}],'usageMetadata':{"
                + "'promptTokenCount':1100}}~~data: {'usageMetadata':{'promptTokenCount':1100,"
                + "'candidatesTokenCount':700},'candidates':[{'content':{'parts':[{'text':>},<]}}]}~~"),
        of(
            GEMINI,
            "v1beta/models/m:streamGenerateContent",
            "application/json",
            "[{'candidates':[{'content':{'parts':[{'functionCall':{'args':<}}]}}]}~,~{'usageMetadata':{"
                + "'promptTokenCount':1100,'candidatesTokenCount':700},'candidates':[{'content':{'parts':[<]}}]}]"),
        of(
            OLLAMA,
            "api/chat",
            "application/x-ndjson",
            "{'message':{'content':'','tool_calls':[{'function':{'arguments':<}}]},'done':false}~"
                + "{'message':{'content':>},'done':true,'prompt_eval_count':1100,'eval_count':700}~"));
  }

  private static Arguments of(WireFormat format, String path, String answer) {
    return of(format, path, "application/json", answer);
  }

  private static Arguments of(WireFormat format, String path, String type, String answer) {
    return Arguments.of(format, path, type, answer);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource({"answers", "streams"})
  void what_a_caller_plants_in_an_answer_changes_nothing(
      WireFormat format, String path, String type, String answer) {
    for (String planted : List.of("0", "1000000", "-5", "1e9", "null", "'7'")) {
      UsageCounts counts = called(format, path, type, answer, planted);
      assertThat(counts.inputTokens()).as(planted).isEqualTo(STATED.input());
      assertThat(counts.outputTokens()).as(planted).isEqualTo(STATED.output());
      assertThat(counts.parts().without(0)).as(planted).isEqualTo(parts(path));
      assertThat(counts.estimated()).as(planted).isEqualTo(EstimatedUsage.NONE);
    }
  }

  /** What tokens are that the answer does not divide: recordings go in, and images come out. */
  private static TokenParts parts(String path) {
    return switch (path) {
      case "audio/transcriptions" -> new TokenParts(0, 0, 0, 0, STATED.input(), 0, 0, 0, 0, 0);
      case "images/generations" -> new TokenParts(0, 0, 0, 0, 0, 0, 0, STATED.output(), 0, 0);
      default -> STATED.parts();
    };
  }

  @Test
  void only_images_that_were_made_are_counted() {
    String answer =
        "{'a':<,'data':[{'url':'u','a':<,'revised_prompt':>},{'b64_json':'AA','url':null}]}";
    UsageCounts counts = called(OPENAI, "images/generations", "application/json", answer, "9");

    assertThat(counts.parts().images()).isEqualTo(2);
  }

  @Test
  void a_stream_that_is_left_before_its_end_is_not_taken_for_complete() {
    String answer = "{'message':{'tool_calls':[{'function':{'arguments':<}}]},'done':false}~";
    try (RawProvider provider =
        new RawProvider(
            "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
                + chunk(body(answer, "0")),
            false)) {
      rig.lend(TestService.at("http://127.0.0.1:" + provider.port(), OLLAMA));
      try (RawCaller caller = new RawCaller(rig)) {
        caller.send(
            "POST /gateway/services/alice/my-openai/api/chat HTTP/1.1\r\nAuthorization: Bearer "
                + Rig.TOKEN
                + "\r\nContent-Length: 400\r\n\r\n{}"
                + " ".repeat(398));
        caller.until("\"planted\"");
        caller.reset();
      }
      UsageCounts counts = rig.events.awaitFinished(1).used().orElseThrow().counts();

      assertThat(counts.errors()).isEqualTo(1);
      assertThat(counts.estimated()).isEqualTo(new EstimatedUsage(1, 100, 1));
    }
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  private UsageCounts called(
      WireFormat format, String path, String type, String answer, String planted) {
    String body = body(answer, planted);
    String head = "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %s\r\n\r\n";
    try (RawProvider provider =
        new RawProvider(head.formatted(type, body.getBytes(ISO_8859_1).length) + body, true)) {
      rig.lend(TestService.at("http://127.0.0.1:" + provider.port(), format));
      TestResponse got = rig.post(path, "{\"model\":\"m\"}");

      assertThat(got.body()).isEqualTo(body);
      return rig.events.awaitFinished(++calls).used().orElseThrow().counts();
    }
  }

  private static String body(String answer, String planted) {
    String object = OBJECT.replace("PP", planted);
    String text = "'" + object.replace("'", "\\'") + "'";
    return answer.replace("<", object).replace(">", text).replace('~', '\n').replace('\'', '"');
  }
}
