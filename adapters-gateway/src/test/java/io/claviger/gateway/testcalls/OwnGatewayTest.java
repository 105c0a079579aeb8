package io.claviger.gateway.testcalls;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.port.GatewayClient.Ending;
import io.claviger.application.gateway.port.GatewayClient.GatewayRequest;
import io.claviger.application.gateway.port.GatewayClient.GatewayResponse;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.RawProvider;
import io.claviger.gateway.Rig;
import io.claviger.gateway.TestService;
import io.claviger.stub.RecordedRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a test call sends through the gateway, and how it understands the answer. */
class OwnGatewayTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Provider ANY = Provider.OPENAI_COMPAT;

  private final Rig rig = new Rig();
  private final OwnGateway gateway = new OwnGateway();

  OwnGatewayTest() {
    gateway.started(rig.gateway.address());
  }

  @AfterEach
  void close() {
    gateway.close();
    rig.close();
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, parrot-large, /v1/chat/completions, '\"max_tokens\":16'",
    "ANTHROPIC, parrot-large, /v1/messages, '\"max_tokens\":16'",
    "GEMINI, parrot-large, /v1beta/models/parrot-large:generateContent, '\"maxOutputTokens\":16'",
    "COHERE, parrot-large, /v2/chat, '\"max_tokens\":16'",
    "OLLAMA, parrot-large, /api/chat, '\"num_predict\":16'"
  })
  void each_format_is_asked_for_a_short_text(
      WireFormat format, String model, String uri, String most) {
    rig.lend(format);

    GatewayResponse answer = gateway.call(question(format, ANY, model, false), LIMIT);

    assertThat(answer.ending()).isEqualTo(Ending.OK);
    assertThat(answer.httpStatus()).isEqualTo(OptionalInt.of(200));
    assertThat(answer.text()).isNotBlank();
    assertThat(answer.usage().input()).isPositive();
    assertThat(answer.usage().output()).isPositive();
    assertThat(answer.receipt().keySource()).contains("central");
    assertThat(answer.receipt().requestId()).isPresent();
    RecordedRequest sent = sent();
    assertThat(sent.uri()).isEqualTo(uri);
    assertThat(sent.text()).contains(most, "Say hello");
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, /v1/embeddings",
    "GEMINI, /v1beta/models/parrot-embed:embedContent",
    "COHERE, /v2/embed",
    "OLLAMA, /api/embed"
  })
  void a_service_for_embeddings_is_asked_for_one(WireFormat format, String uri) {
    rig.lend(format);

    GatewayResponse answer = gateway.call(question(format, ANY, "parrot-embed", true), LIMIT);

    assertThat(answer.ending()).isEqualTo(Ending.OK);
    assertThat(answer.numbers().orElse(0)).isGreaterThan(1);
    assertThat(sent().uri()).isEqualTo(uri);
  }

  @Test
  void openai_itself_is_told_the_most_tokens_by_the_newer_name() {
    GatewayResponse answer =
        gateway.call(question(WireFormat.OPENAI, Provider.OPENAI, "parrot-large", false), LIMIT);

    assertThat(answer.ending()).isEqualTo(Ending.OK);
    assertThat(sent().text()).contains("\"max_completion_tokens\":16").doesNotContain("max_tokens");
  }

  @Test
  void a_name_of_a_model_stays_one_text() {
    String hostile = "x\",\"stream\":true,\"y\":\"\\ü/../%2e";

    GatewayResponse answer = gateway.call(question(WireFormat.OPENAI, ANY, hostile, false), LIMIT);

    assertThat(answer.httpStatus()).isPresent();
    assertThat(sent().text()).contains("x\\\",\\\"stream\\\":true,\\\"y\\\":\\\"\\\\ü/../%2e\"");
    rig.lend(WireFormat.GEMINI);
    rig.stub.clear();
    GatewayResponse unused =
        gateway.call(question(WireFormat.GEMINI, ANY, "a/../b?key=1#", false), LIMIT);
    assertThat(rig.stub.requests()).isEmpty();
  }

  @Test
  void a_key_that_the_provider_rejects_is_told_in_the_gateways_words() {
    GatewayResponse answer =
        gateway.call(question(WireFormat.OPENAI, ANY, "stub-unauthorized", false), LIMIT);

    assertThat(answer.ending()).isEqualTo(Ending.REFUSED);
    assertThat(answer.code()).contains("provider_rejected_key");
    assertThat(answer.text()).contains("rejected the API key");
    assertThat(answer.usage().isNothing()).isTrue();
  }

  @Test
  void an_error_of_the_provider_is_told_in_its_words() {
    rig.lend(WireFormat.ANTHROPIC);

    GatewayResponse answer =
        gateway.call(question(WireFormat.ANTHROPIC, ANY, "stub-status-418", false), LIMIT);

    assertThat(answer.ending()).isEqualTo(Ending.ERROR);
    assertThat(answer.httpStatus()).isEqualTo(OptionalInt.of(418));
    assertThat(answer.code()).isEmpty();
    assertThat(answer.text()).isNotBlank();
  }

  @Test
  void an_answer_that_is_late_ends_the_call_at_the_provider_too() {
    GatewayRequest question = question(WireFormat.OPENAI, ANY, "stub-stall-after-headers", false);

    assertThat(gateway.call(question, Duration.ofMillis(300)).ending()).isEqualTo(Ending.TIMEOUT);

    rig.awaitClosedByProvider();
  }

  @Test
  void a_gateway_that_does_not_listen_is_told() {
    GatewayRequest question = question(WireFormat.OPENAI, ANY, "parrot-large", false);
    rig.gateway.close();
    assertThat(gateway.call(question, LIMIT)).isEqualTo(GatewayResponse.none(Ending.UNREACHABLE));
    gateway.close();
    assertThat(gateway.call(question, LIMIT)).isEqualTo(GatewayResponse.none(Ending.UNREACHABLE));
  }

  @Test
  void a_long_answer_is_cut_between_characters() {
    String said = "<script>alert(1)</script>\u202e" + "🙂".repeat(10_000);
    String escaped = said.replace("\u202e", "\\u202e").replace("🙂", "\\ud83d\\ude42");
    String body = "{\"choices\":[{\"message\":{\"content\":\"" + escaped + "\"}}]}";
    try (RawProvider provider = answering(body)) {
      rig.lend(TestService.at("http://127.0.0.1:" + provider.port() + "/v1", WireFormat.OPENAI));

      GatewayResponse answer = gateway.call(question(WireFormat.OPENAI, ANY, "m", false), LIMIT);

      assertThat(answer.text())
          .startsWith("<script>alert(1)</script>\u202e🙂")
          .endsWith("🙂…")
          .hasSizeLessThanOrEqualTo(GatewayResponse.MOST_TEXT);
    }
  }

  @ParameterizedTest
  @CsvSource({"no json", "[[[[[[[[[[[[", "'{\"choices\":[{\"message\":{\"content\":7}}]}'", "null"})
  void an_answer_of_another_kind_has_no_text(String body) {
    try (RawProvider provider = answering(body)) {
      rig.lend(TestService.at("http://127.0.0.1:" + provider.port() + "/v1", WireFormat.OPENAI));

      GatewayResponse answer = gateway.call(question(WireFormat.OPENAI, ANY, "m", false), LIMIT);

      assertThat(answer.ending()).isEqualTo(Ending.OK);
      assertThat(answer.text()).isEmpty();
    }
  }

  @Test
  void an_endless_answer_is_given_up_at_its_bound() {
    GatewayResponse answer =
        gateway.call(question(WireFormat.OPENAI, ANY, "stub-big-1000000000", false), LIMIT);

    assertThat(answer.ending()).isEqualTo(Ending.OK);
    rig.awaitClosedByProvider();
  }

  private RecordedRequest sent() {
    return rig.stub.awaitRequests(1, Rig.PATIENCE).getFirst();
  }

  private static RawProvider answering(String body) {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    return new RawProvider(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
            + length
            + "\r\n\r\n"
            + body,
        false);
  }

  private static GatewayRequest question(
      WireFormat format, Provider provider, String model, boolean embeds) {
    return new GatewayRequest(
        TokenText.presented(Rig.TOKEN),
        Instance.Ref.of("alice/my-openai"),
        format,
        provider,
        Endpoint.of("https://api.example.com"),
        new ModelName(model),
        embeds,
        16);
  }
}
