package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.standards.WireFormat;
import io.claviger.stub.Behaviour;
import io.claviger.testkit.http.LocalHttp;
import io.claviger.testkit.http.TestResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller is told when a provider breaks off, falls silent or cannot be reached. */
class BrokenResponsesTest {
  @AutoClose private final Rig rig = new Rig();

  @ParameterizedTest
  @ValueSource(strings = {"stub-reset", "stub-half-header"})
  void a_provider_that_breaks_off_before_an_answer_is_502(String model) {
    TestResponse answer = rig.post("embeddings", Rig.embedding(model));

    assertThat(answer.status()).isEqualTo(502);
    assertThat(rig.stub.requests()).as("tried once").hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"stub-reset-mid-stream", "stub-close-mid-stream", "stub-stall-mid-stream"})
  void a_stream_that_breaks_off_ends_in_an_error_and_never_cleanly(String model) {
    rig.lend(rig.at(WireFormat.OPENAI).timeout(1_000));
    try (RawCaller caller = new RawCaller(rig)) {
      String body = Rig.chat(model);
      String answer =
          caller
              .send(
                  "POST /gateway/services/alice/my-openai/chat/completions HTTP/1.1\r\n"
                      + "Content-Type: application/json\r\nAuthorization: Bearer "
                      + Rig.TOKEN
                      + "\r\nContent-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
              .untilClosed();

      assertThat(answer).startsWith("HTTP/1.1 200 ");
      assertThat(answer).contains("data: {\"error\":{").doesNotContain("[DONE]");
      assertThat(answer).doesNotEndWith("0\r\n\r\n");
    }
  }

  @Test
  void anthropics_streams_tell_of_a_fault_by_an_event_and_coheres_by_breaking() {
    rig.lend(WireFormat.ANTHROPIC);
    assertThat(brokenStream("v1/messages"))
        .contains("event: error\ndata: {\"type\":\"error\",\"error\":{");
    rig.lend(WireFormat.BEDROCK);
    assertThat(brokenStream("model/m/converse-stream"))
        .contains(":exception-type")
        .contains("internalServerException");
    rig.lend(WireFormat.COHERE);
    assertThat(brokenStream("v2/chat")).doesNotContain("error");
    rig.lend(WireFormat.GEMINI);
    assertThat(brokenStream("v1beta/models/m:streamGenerateContent?alt=sse"))
        .contains("data: {\"error\":{\"code\":502,");
  }

  @Test
  void streams_of_responses_tell_of_a_fault_by_an_event_of_their_own() {
    assertThat(brokenStream("responses"))
        .contains("event: error\ndata: {\"type\":\"error\",")
        .contains("\"code\":\"provider_broke_off\"")
        .doesNotContain("{\"error\":");
  }

  @Test
  void ollamas_streams_tell_of_a_fault_on_a_line_of_its_own() {
    rig.lend(WireFormat.OLLAMA);

    assertThat(brokenStream("api/chat")).contains("\n{\"error\":\"The provider broke");
  }

  private String brokenStream(String path) {
    rig.stub.respondNextWith(Behaviour.named("stub-close-mid-stream"));
    try (RawCaller caller = new RawCaller(rig)) {
      return caller
          .send(
              "POST /gateway/services/alice/my-openai/"
                  + path
                  + " HTTP/1.1\r\nAuthorization: Bearer "
                  + Rig.TOKEN
                  + "\r\nContent-Length: 15\r\n\r\n{\"stream\":true}")
          .untilClosed();
    }
  }

  @Test
  void a_body_shorter_than_announced_is_a_broken_answer() {
    assertThatThrownBy(() -> rig.post("embeddings", Rig.embedding("stub-lying-length")))
        .hasRootCauseInstanceOf(java.io.EOFException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"stub-slow-first-byte-60000"})
  void silence_before_the_first_byte_is_504(String model) {
    rig.lend(rig.at(WireFormat.OPENAI).timeout(200));
    TestResponse answer = rig.post("embeddings", Rig.embedding(model));

    assertThat(answer.status()).isEqualTo(504);
    assertThat(answer.values("x-claviger-error")).containsExactly("provider_timeout");
    assertThat(answer.values("x-should-retry")).containsExactly("false");
    rig.stub.awaitCancelled(1, Rig.PATIENCE);
  }

  @Test
  void silence_after_the_head_breaks_the_answer() {
    rig.lend(rig.at(WireFormat.OPENAI).timeout(1_000));

    assertThatThrownBy(() -> rig.post("embeddings", Rig.embedding("stub-stall-after-headers")))
        .hasRootCauseInstanceOf(java.io.IOException.class);
  }

  @Test
  void a_stream_may_last_longer_than_the_timeout_as_long_as_it_talks() {
    rig.lend(rig.at(WireFormat.OPENAI).timeout(800));
    TestResponse answer = rig.post("chat/completions", Rig.chat("stub-chunk-delay-100-count-10"));

    assertThat(answer.body()).endsWith("data: [DONE]\n\n");
  }

  @Test
  void a_provider_that_can_not_be_reached_is_502_and_worth_another_try() {
    int unused = LocalHttp.freePort();
    rig.lend(TestService.at("http://127.0.0.1:" + unused, WireFormat.OPENAI));
    TestResponse answer = rig.post("embeddings", Rig.embedding("m"));

    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.values("x-claviger-error")).containsExactly("provider_unreachable");
    assertThat(answer.values("retry-after")).isNotEmpty();
    assertThat(answer.values("x-should-retry")).isEmpty();
  }
}
