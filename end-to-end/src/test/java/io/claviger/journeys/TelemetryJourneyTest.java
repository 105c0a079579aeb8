package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.bootstrap.node.Node;
import io.claviger.host.StartRefused;
import io.claviger.stub.RecordedRequest;
import io.claviger.testkit.http.LocalHttp;
import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a collector of OpenTelemetry is told, by OTLP over HTTP. Texts and ids are in its messages
 * as they are, so they are looked for in the bytes.
 */
@Tag("thorough")
class TelemetryJourneyTest {
  private static final String SERVICE = "alice/observed";
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CALLER_SPAN = "b7ad6b7169203331";

  private final Journey journey = new Journey();
  private final Map<String, String> told = new ConcurrentHashMap<>();
  @AutoClose private final LocalHttp collector = new LocalHttp();

  @BeforeEach
  void collect() {
    collector.serve(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          told.merge(
              exchange.getRequestURI().getPath(),
              new String(body, StandardCharsets.ISO_8859_1),
              String::concat);
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
  }

  @AfterEach
  void close() {
    journey.close();
  }

  private Node observed(Map<String, String> more) {
    Map<String, String> environment = journey.environment();
    environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url());
    environment.put("OTEL_BSP_SCHEDULE_DELAY", "50");
    environment.putAll(more);
    return journey.startNode(environment);
  }

  private String told(String path) {
    return told.getOrDefault(path, "");
  }

  private static TestResponse chat(Api caller, String model) {
    return TestClient.of(caller.gateway())
        .withToken(caller.token())
        .with("traceparent", "00-%s-%s-01".formatted(TRACE, CALLER_SPAN))
        .with("tracestate", "vendor=caller")
        .json(
            "POST",
            "/gateway/services/" + SERVICE + "/chat/completions",
            Map.of(
                "model",
                model,
                "messages",
                List.of(Map.of("role", "user", "content", "canary-of-what-is-said"))));
  }

  private Api bobCalls(Node node) {
    Api alice = journey.user(node, "alice");
    Api bob = journey.user(node, "bob");
    journey.service(alice, SERVICE);
    alice.share(SERVICE, "bob", "reader").isStatus(201);
    chat(bob, "parrot-large").isStatus(200);
    return bob;
  }

  @Test
  void a_call_is_a_span_below_the_callers_and_above_the_providers() {
    bobCalls(observed(Map.of()));

    RecordedRequest sent = journey.provider().requests().getLast();
    String[] parts = sent.header("traceparent").split("-");
    assertThat(parts[1]).isEqualTo(TRACE);
    assertThat(parts[2]).hasSize(16).isNotEqualTo(CALLER_SPAN);
    assertThat(sent.header("tracestate")).isEqualTo("vendor=caller");
    Eventually.holds(Eventually.SOON, () -> told("/v1/traces").contains("gen_ai.usage"));
    assertThat(told("/v1/traces"))
        .contains(raw(TRACE), raw(CALLER_SPAN), raw(parts[2]))
        .contains("chat parrot-large", "gen_ai.operation.name", "gen_ai.usage.input_tokens")
        .contains("gen_ai.provider.name", "openai", "http.response.status_code");
  }

  @Test
  void neither_what_is_said_nor_a_handle_nor_a_key_is_told() {
    Node node = observed(Map.of("OTEL_METRIC_EXPORT_INTERVAL", "50"));
    bobCalls(node);
    Eventually.holds(
        Eventually.SOON,
        () ->
            told("/v1/traces").contains("gen_ai.usage")
                && told("/v1/metrics").contains("gen_ai.client.token.usage"));
    journey.stop(node);

    assertThat(told("/v1/metrics"))
        .contains("gen_ai.client.operation.duration", "claviger.gateway.calls");
    assertThat(told).doesNotContainKey("/v1/logs");
    told.forEach(
        (path, all) -> {
          assertThat(all).as(path).doesNotContain("canary-of-what-is-said", "alice", "bob");
          journey.assertNoKeyIn(path, all);
        });
  }

  @Test
  void handles_and_logs_are_told_where_they_are_asked_for() {
    Node node = observed(Map.of("CLAVIGER_TRACE_HANDLES", "on", "OTEL_LOGS_EXPORTER", "otlp"));
    Api bob = bobCalls(node);
    bob.call(SERVICE, "assistants", Map.of()).isStatus(403);
    journey.stop(node);

    assertThat(told("/v1/traces")).contains("enduser.id", "bob", SERVICE, "operation_not_allowed");
    assertThat(told("/v1/logs")).contains("io.claviger.calls", "request_id");
    told.forEach(journey::assertNoKeyIn);
  }

  @Test
  void without_its_variables_the_callers_trace_goes_on_unchanged() {
    bobCalls(journey.startNode());

    assertThat(journey.provider().requests().getLast().header("traceparent"))
        .isEqualTo("00-%s-%s-01".formatted(TRACE, CALLER_SPAN));
    assertThat(told).isEmpty();
  }

  @Test
  void a_collector_that_is_away_costs_no_call() {
    Node node = observed(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"));

    chat(bobCalls(node), "parrot-large").isStatus(200);
  }

  @Test
  void a_variable_that_opentelemetry_does_not_understand_stops_the_start() {
    assertThatThrownBy(() -> observed(Map.of("OTEL_TRACES_EXPORTER", "pigeon")))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("pigeon");
    assertThatThrownBy(() -> observed(Map.of("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf");
  }

  private static String raw(String hex) {
    return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
  }
}
