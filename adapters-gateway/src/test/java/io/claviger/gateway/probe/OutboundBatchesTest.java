package io.claviger.gateway.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.formats.BatchAnswers.BatchReport;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.LoopbackServer;
import io.claviger.gateway.RawProvider;
import io.claviger.gateway.TestService;
import io.claviger.gateway.out.OutboundSettings;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What providers answer about batches, and how much of it is read. */
class OutboundBatchesTest {
  private static final Instance.Ref SERVICE = Instance.Ref.of("alice/x");

  /** More than two mebibytes of results stand before the state, in the documented order. */
  private static final String OF_GEMINI =
      "{\"name\":\"batches/b\",\"metadata\":{\"output\":{\"inlinedResponses\":{\"inlinedResponses\":["
          + ("{\"response\":{\"text\":\"" + "x".repeat(1 << 20))
          + "\",\"modelVersion\":\"m\",\"usageMetadata\":{\"promptTokenCount\":5,"
          + "\"candidatesTokenCount\":3}}},"
          + "{\"response\":{\"text\":\""
          + "y".repeat(1 << 20)
          + "\"}}]}},\"batchStats\":{\"requestCount\":\"2\",\"successfulRequestCount\":\"2\"},"
          + "\"state\":\"BATCH_STATE_SUCCEEDED\"},\"done\":true}";

  @AutoClose private final OutboundProbe probe = OutboundProbe.start(OutboundSettings.strict());

  private OutboundBatches batches(int port, WireFormat format, long mostBytes) {
    TestService service = TestService.at("http://127.0.0.1:" + port, format);
    return new OutboundBatches(
        ref -> Optional.of(service.authorized(ref.toString())), probe, mostBytes);
  }

  private static RawProvider answering(String body) {
    return new RawProvider(
        "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body, false);
  }

  @Test
  void a_batch_of_gemini_is_over_however_large_the_results_before_its_state_are() {
    try (RawProvider gemini = answering(OF_GEMINI)) {
      BatchReport report =
          batches(gemini.port(), WireFormat.GEMINI, OutboundBatches.MOST_BYTES)
              .report(SERVICE, "b")
              .orElseThrow();

      assertThat(report.isOver()).isTrue();
      assertThat(report.answered()).isEqualTo(2);
      assertThat(report.results()).containsExactly("batches/b");
    }
  }

  @Test
  void results_are_read_line_by_line() {
    try (RawProvider gemini = answering(OF_GEMINI)) {
      List<String> found = new ArrayList<>();

      assertThat(
              batches(gemini.port(), WireFormat.GEMINI, OutboundBatches.MOST_BYTES)
                  .readResults(
                      SERVICE,
                      "batches/b",
                      (model, used, fees) -> found.add(model.orElse("none") + used.isNothing())))
          .isTrue();
      assertThat(found).containsExactly("mfalse", "nonetrue");
    }
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(strings = {"OPENAI", "GEMINI", "ANTHROPIC"})
  void answers_and_results_without_end_are_given_up(WireFormat format) {
    try (LoopbackServer endless =
        new LoopbackServer(
            socket -> {
              String unused =
                  new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1))
                      .readLine();
              socket
                  .getOutputStream()
                  .write("HTTP/1.1 200 OK\r\n\r\n{\"a\":[".getBytes(ISO_8859_1));
              byte[] more = "{\"id\":\"a\"},\n".repeat(1_000).getBytes(ISO_8859_1);
              while (true) {
                socket.getOutputStream().write(more);
              }
            })) {
      OutboundBatches batches = batches(endless.port(), format, 10 << 20);

      assertThat(batches.report(SERVICE, "b")).isEmpty();
      assertThat(batches.readResults(SERVICE, "batches/b", (model, used, fees) -> {})).isFalse();
    }
  }
}
