package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.EstimatedUsage;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import io.claviger.gateway.events.GatewayEvents.RecordedUse;
import io.claviger.testkit.http.TestResponse;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The usage that is reported for a call. */
class ReportedUsageTest {
  @AutoClose private final Rig rig = new Rig();

  @Test
  void a_finished_call_used_its_bytes_and_the_tokens_that_the_provider_states() {
    TestResponse answer = rig.post("embeddings", Rig.embedding("m"));

    RecordedUse used = used(1);
    assertThat(used.source()).isEqualTo(KeySource.CENTRAL);
    assertThat(used.account()).isEqualTo(rig.authorizer.handedOut().get(0).basis().account());
    UsageCounts counts = used.counts();
    assertThat(counts.requests()).isEqualTo(1);
    assertThat(counts.errors()).isZero();
    assertThat(counts.bytesIn()).isEqualTo(Rig.embedding("m").length());
    assertThat(counts.bytesOut()).isEqualTo(answer.body().getBytes(UTF_8).length);
    assertThat(counts.inputTokens()).isPositive();
    assertThat(counts.outputTokens()).isZero();
    assertThat(used.model()).isEqualTo(UsageModel.called("m"));
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, chat/completions, 100, 50, 0, 7",
    "OPENAI, responses, 100, 50, 0, 7",
    "ANTHROPIC, v1/messages, 100, 20, 30, 0",
    "COHERE, v2/chat, 100, 0, 0, 0",
    "GEMINI, v1beta/models/m:generateContent, 100, 0, 0, 7"
  })
  void the_parts_of_tokens_are_counted_apart_in_every_format(
      WireFormat format, String path, long cached, long written5m, long written1h, long reasoning) {
    rig.lend(format);
    String asked = "stub:usage cached=100 written_5m=20 written_1h=30 reasoning=7";
    String body =
        """
        {"model":"m","input":"%1$s","messages":[{"role":"user","content":"%1$s"}],"max_tokens":9,
        "contents":[{"parts":[{"text":"%1$s"}]}]}
        """;
    rig.post(path, body.formatted(asked));

    RecordedUse used = used(1);
    assertThat(used.model()).isEqualTo(UsageModel.called("m"));
    assertThat(used.counts().parts().without(0))
        .isEqualTo(new TokenParts(cached, written5m, written1h, reasoning, 0, 0, 0, 0, 0, 0));
    assertThat(used.counts().inputTokens()).isGreaterThan(150);
    assertThat(used.counts().estimated()).isEqualTo(EstimatedUsage.NONE);
  }

  /** Whether the provider states the length of an answer must not change its price. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void an_answer_without_usage_is_estimated_by_its_bytes(boolean chunked) {
    String json =
        "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"%s\"}}]}"
            .formatted("word ".repeat(800));
    String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    String answer =
        chunked
            ? head
                + "Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"
                    .formatted(json.length(), json)
            : head + "Content-Length: %d\r\n\r\n%s".formatted(json.length(), json);
    try (RawProvider provider = new RawProvider(answer, false)) {
      rig.lend(TestService.at("http://127.0.0.1:" + provider.port() + "/v1", WireFormat.OPENAI));

      assertThat(rig.post("chat/completions", Rig.chat("m")).status()).isEqualTo(200);
    }

    assertThat(used(1).counts().outputTokens()).isGreaterThanOrEqualTo(1_000);
  }

  @Test
  void the_use_of_a_model_that_declined_is_told_apart_from_that_of_the_one_that_answered() {
    String json =
        """
        {"type":"message","role":"assistant","model":"b","content":[],"usage":\
        {"input_tokens":40,"output_tokens":300,"iterations":[\
        {"type":"message","model":"a","input_tokens":25,"output_tokens":106},\
        {"type":"fallback_message","model":"b","input_tokens":40,"output_tokens":300}]}}\
        """;
    String answer =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(json.length(), json);
    try (RawProvider provider = new RawProvider(answer, false)) {
      rig.lend(TestService.at("http://127.0.0.1:" + provider.port(), WireFormat.ANTHROPIC));

      String body = "{\"model\":\"a\",\"max_tokens\":500,\"fallbacks\":[{\"model\":\"b\"}]}";
      assertThat(rig.post("v1/messages", body).status()).isEqualTo(200);
    }

    CallUse use = used(1).charged().orElseThrow().use();
    assertThat(use.evidence()).isEqualTo(CallUse.Evidence.STATED);
    assertThat(use.answeredBy()).isEqualTo(UsageModel.called("b"));
    assertThat(use.usage().isNothing()).isTrue();
    assertThat(use.others())
        .contains(
            Map.of(
                UsageModel.called("a"), TokenUsage.stated(25, 106, TokenParts.NONE),
                UsageModel.called("b"), TokenUsage.stated(40, 300, TokenParts.NONE)));
  }

  @Test
  void images_are_counted() {
    rig.post("images/generations", "{\"model\":\"m\",\"prompt\":\"a\",\"n\":3}");

    assertThat(used(1).counts().parts().images()).isEqualTo(3);
  }

  /** Without budgets and limits, the gateway does not read the form. */
  @ParameterizedTest
  @CsvSource({"groq, 10000", "openai, 2000"})
  void a_short_recording_counts_as_long_as_the_provider_charges(String provider, long millis) {
    String json = "{\"text\":\"hm\",\"usage\":{\"type\":\"duration\",\"seconds\":2}}";
    String answer =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(json.length(), json);
    String form =
        "--x\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n"
            + "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp3\"\r\n\r\n"
            + "y".repeat(700)
            + "\r\n--x--\r\n";
    try (RawProvider raw = new RawProvider(answer, false);
        RawCaller caller = new RawCaller(rig)) {
      rig.lend(
          TestService.at("http://127.0.0.1:" + raw.port() + "/v1", WireFormat.OPENAI)
              .of(Provider.of(provider)));
      caller.postForm("audio/transcriptions", form).until("200 OK");
    }

    CallUse use = used(1).charged().orElseThrow().use();
    assertThat(use.fees()).isEqualTo(FeesUsed.of(FeeKind.AUDIO_MINUTE, millis));
    assertThat(use.evidence()).isEqualTo(CallUse.Evidence.STATED);
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, chat/completions",
    "OPENAI, responses",
    "ANTHROPIC, v1/messages",
    "COHERE, v2/chat",
    "OLLAMA, api/chat",
    "OLLAMA, api/generate",
    "GEMINI, v1beta/models/m:generateContent",
    "GEMINI, v1beta/models/m:streamGenerateContent?alt=sse",
    "GEMINI, v1beta/models/m:streamGenerateContent"
  })
  void tokens_are_found_in_every_format_streamed_or_not(WireFormat format, String path) {
    rig.lend(format);
    String body =
        """
        {"model":"m","input":"hello","messages":[{"role":"user","content":"hello"}],"max_tokens":9,
        "contents":[{"parts":[{"text":"hello"}]}],"stream_options":{"include_usage":true},"stream":%s}
        """;
    assertThat(rig.post(path, body.formatted("false")).status()).isEqualTo(200);
    assertThat(rig.post(path, body.formatted("true")).status()).isEqualTo(200);

    UsageCounts whole = used(1).counts();
    UsageCounts streamed = used(2).counts();
    assertThat(whole.inputTokens()).isPositive();
    assertThat(whole.outputTokens()).isPositive();
    assertThat(streamed.inputTokens()).isEqualTo(whole.inputTokens());
    assertThat(streamed.outputTokens()).isEqualTo(whole.outputTokens());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"stub-status-429", "stub-status-500", "stub-unauthorized", "stub-redirect"})
  void what_the_provider_refused_is_a_request_and_an_error(String model) {
    assertThat(failed(model).inputTokens()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"stub-gzip", "stub-reset", "stub-half-header", "stub-slow-first-byte-60000"})
  void the_input_of_what_went_out_without_an_answer_is_estimated(String model) {
    UsageCounts counts = failed(model);

    assertThat(counts.inputTokens()).isEqualTo((Rig.embedding(model).length() + 3) / 4);
    assertThat(counts.estimated())
        .isEqualTo(new EstimatedUsage(1, counts.inputTokens(), counts.outputTokens()));
    assertThat(counts.outputTokens()).isZero();
  }

  private UsageCounts failed(String model) {
    rig.lend(rig.at(WireFormat.OPENAI).timeout(500));
    rig.post("embeddings", Rig.embedding(model));

    UsageCounts counts = used(1).counts();
    assertThat(counts.requests()).isEqualTo(1);
    assertThat(counts.errors()).isEqualTo(1);
    assertThat(counts.bytesIn()).isEqualTo(Rig.embedding(model).length());
    return counts;
  }

  @Test
  void a_stream_that_broke_used_what_came_of_it_and_is_an_error() {
    try (RawCaller caller = new RawCaller(rig)) {
      stream(caller, "stub-close-mid-stream");
      caller.untilClosed();
    }

    UsageCounts counts = used(1).counts();
    assertThat(counts.requests()).isEqualTo(1);
    assertThat(counts.errors()).isEqualTo(1);
    assertThat(counts.bytesOut()).isPositive();
    assertEstimated(counts);
  }

  private static void assertEstimated(UsageCounts counts) {
    assertThat(counts.inputTokens()).isEqualTo((counts.bytesIn() + 3) / 4);
    assertThat(counts.estimated())
        .isEqualTo(new EstimatedUsage(1, counts.inputTokens(), counts.outputTokens()));
  }

  @Test
  void a_stream_that_broke_after_its_usage_was_stated_is_not_estimated() {
    rig.lend(WireFormat.ANTHROPIC);
    try (RawCaller caller = new RawCaller(rig)) {
      stream(caller, "stub-close-mid-stream", "v1/messages");
      caller.untilClosed();
    }

    UsageCounts counts = used(1).counts();
    assertThat(counts.estimated().inputTokens()).isZero();
    assertThat(counts.inputTokens()).isPositive();
  }

  @Test
  void a_caller_who_left_has_used_what_came_until_then() {
    try (RawCaller caller = new RawCaller(rig)) {
      stream(caller, "stub-stall-mid-stream");
      caller.until("data: ");
      caller.reset();
    }

    UsageCounts counts = used(1).counts();
    assertThat(counts.requests()).isEqualTo(1);
    assertThat(counts.bytesOut()).isPositive();
    assertEstimated(counts);
  }

  @Test
  void a_call_that_is_refused_for_its_model_is_refused_and_no_request() {
    rig.authorizer.grant(Rig.TOKEN, rig.at(WireFormat.OPENAI), "good");
    assertThat(rig.post("embeddings", Rig.embedding("evil")).status()).isEqualTo(403);

    assertThat(used(1).counts()).isEqualTo(UsageCounts.REFUSED);
  }

  @Test
  void what_did_not_go_out_used_nothing() {
    rig.authorizer.answer(
        "clv_limited",
        call -> new AuthorizationOutcome.Refused(CallRefusal.RATE_LIMITED, Optional.empty()));
    rig.post("embeddings", "{}", "Authorization", "Bearer clv_bad");
    rig.post("embeddings", "{}", "Authorization", "Bearer clv_limited");
    rig.post("embeddings?unlisted=1", "{}");
    rig.authorizer.grant(Rig.TOKEN, TestService.at("http://127.0.0.1:1/v1", WireFormat.OPENAI));
    rig.post("embeddings", "{}");

    for (int i = 1; i <= 4; i++) {
      assertThat(rig.events.awaitFinished(i).used()).isEmpty();
    }
  }

  private RecordedUse used(int call) {
    return rig.events.awaitFinished(call).used().orElseThrow();
  }

  private static void stream(RawCaller caller, String model) {
    stream(caller, model, "chat/completions");
  }

  private static void stream(RawCaller caller, String model, String path) {
    String body = Rig.chat(model);
    caller.send(
        "POST /gateway/services/alice/my-openai/"
            + path
            + " HTTP/1.1\r\nAuthorization: Bearer "
            + Rig.TOKEN
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }
}
