package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.gateway.events.GatewayEvents.FinishedCall;
import io.claviger.gateway.events.GatewayEvents.RecordedUse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Callers who hang up during a stream, or after its last event. */
class HangUpTest {
  @AutoClose private final Rig rig = new Rig();

  @ParameterizedTest
  @CsvSource({
    "OPENAI, chat/completions, [DONE]",
    "OPENAI, responses, event: response.completed",
    "ANTHROPIC, v1/messages, event: message_stop",
    "COHERE, v2/chat, event: message-end",
    "COHERE, v1/chat, '\"is_finished\": true'",
    "OLLAMA, api/chat, '\"done\": true'"
  })
  void to_hang_up_after_the_last_event_is_no_error(WireFormat format, String path, String last) {
    rig.lend(format);
    hangUpAfter(path, "stub-late-end-10", last);

    FinishedCall call = rig.events.awaitFinished(1);
    assertThat(call.code()).isEmpty();
    assertThat(call.used().orElseThrow().counts().errors()).isZero();
    Rig.await(() -> rig.gateway.providerConnections().open() != 1 || idle() == 1);
    assertThat(idle()).as("connections kept for other calls").isEqualTo(1);
    assertThat(rig.post("embeddings", Rig.embedding("m")).status()).isPositive();
  }

  @Test
  void the_end_of_the_answer_is_not_awaited_for_long() {
    hangUpAfter("chat/completions", "stub-late-end-60000", "[DONE]");

    assertThat(rig.events.awaitFinished(1).used().orElseThrow().counts().errors()).isZero();
    Rig.await(() -> rig.gateway.providerConnections().open() == 0);
    rig.stub.awaitCancelled(1, Rig.PATIENCE);
  }

  /** The code that counts calls fails. */
  @Test
  void a_connection_whose_call_can_not_be_ended_properly_is_not_kept() {
    rig.events.failWhenFinished();
    hangUpAfter("chat/completions", "stub-late-end-60000", "[DONE]");

    Rig.await(() -> rig.events.finishedSoFar() == 1);
    Rig.await(() -> rig.gateway.providerConnections().open() == 0);
    rig.stub.awaitCancelled(1, Rig.PATIENCE);
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, chat/completions",
    "OPENAI, completions",
    "OPENAI, responses",
    "COHERE, v1/chat",
    "COHERE, v2/chat",
    "ANTHROPIC, v1/messages"
  })
  void a_stream_that_is_cancelled_counts_what_passed(WireFormat format, String path) {
    rig.lend(format);
    hangUpAfter(path, "stub-chunk-delay-1-count-100000", "piece piece".substring(0, 5));

    UsageCounts counts = rig.events.awaitFinished(1).used().orElseThrow().counts();
    assertThat(counts.errors()).isEqualTo(1);
    assertThat(counts.inputTokens()).isPositive();
    assertThat(counts.outputTokens()).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "ANTHROPIC, v1/messages/count_tokens",
    "GEMINI, v1beta/models/m:countTokens",
    "COHERE, v1/tokenize"
  })
  void to_count_tokens_uses_none(WireFormat format, String path) {
    rig.lend(format);
    String body =
        """
        {"model":"m","text":"hello","messages":[{"role":"user","content":"hello"}],
        "contents":[{"parts":[{"text":"hello"}]}]}
        """;
    assertThat(rig.post(path, body).status()).isEqualTo(200);

    RecordedUse used = rig.events.awaitFinished(1).used().orElseThrow();
    UsageCounts counts = used.counts();
    assertThat(counts.requests()).isEqualTo(1);
    assertThat(counts.inputTokens()).isZero();
    assertThat(counts.outputTokens()).isZero();
    assertThat(used.charged().orElseThrow().asked().map(RequestedUse::kind))
        .contains(OperationKind.NOTHING);
  }

  private int idle() {
    return rig.gateway.providerConnections().idle();
  }

  private void hangUpAfter(String path, String model, String last) {
    String body =
        """
        {"model":"%s","prompt":"hello","input":"hello","message":"hello","max_tokens":9,"stream":true,
        "messages":[{"role":"user","content":"hello"}]}"""
            .formatted(model);
    try (RawCaller caller = new RawCaller(rig)) {
      caller.post(path, body).until(last);
      if (model.startsWith("stub-late-end")) {
        caller.until(last.startsWith("\"") ? "\n" : "\n\n");
      }
    }
  }
}
