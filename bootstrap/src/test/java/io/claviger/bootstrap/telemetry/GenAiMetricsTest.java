package io.claviger.bootstrap.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.events.CallDescription;
import io.claviger.gateway.events.GatewayEvents.FinishedCall;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class GenAiMetricsTest {
  private static final AttributeKey<String> MODEL = AttributeKey.stringKey("gen_ai.request.model");

  private final Collected collected = new Collected();

  @AutoClose
  private final SdkMeterProvider meters =
      SdkMeterProvider.builder().registerMetricReader(collected).build();

  private final CallSpans spans =
      new CallSpans(TracerProvider.noop().get("test"), new GenAiMetrics(meters.get("test")), false);

  @Test
  void a_caller_who_invents_models_takes_no_series_from_others() {
    call("alice", "gpt-5", 200);
    IntStream.range(0, 3_000).forEach(n -> call("mallory", "invented-" + n, 200));
    IntStream.range(0, 3_000).forEach(n -> call("mallory", "gpt-5", 400 + n));
    IntStream.range(0, 50).forEach(n -> call("bob", "claude-" + n, 200));
    call("bob", "gpt-5", 200);

    Map<String, Long> calls = collected.calls();
    assertThat(calls).containsEntry("claude-0", 1L).containsEntry("claude-49", 1L);
    assertThat(calls).containsEntry("invented-0", 1L).containsEntry("gpt-5", 2L);
    assertThat(calls.values().stream().mapToLong(count -> count).sum()).isEqualTo(6_052);
    assertThat(calls).hasSize(1 + GenAiMetrics.MOST_OF_CALLER + 50 + 1).containsKey("other");
  }

  @Test
  void many_callers_who_invent_models_cause_no_more_series_than_the_sdk_keeps() {
    IntStream.range(0, 3_000).forEach(n -> call("mallory-" + n, "invented-" + n, 200));
    call("bob", "claude", 200);

    assertThat(collected.calls())
        .hasSize(GenAiMetrics.MOST_KINDS + 1)
        .containsEntry("other", 2_201L);
  }

  private void call(String caller, String model, int status) {
    CallDescription call =
        new CallDescription(
            "req_1",
            "203.0.113.9",
            Optional.of(new Handle(caller)),
            Optional.empty(),
            Optional.empty(),
            Optional.of(model),
            "POST",
            "chat/completions",
            status,
            Optional.empty(),
            0,
            0,
            0,
            1_000,
            0,
            Optional.empty(),
            Optional.empty());
    spans
        .begin("chat/completions", header -> null)
        .over(
            () -> call,
            new FinishedCall(
                Optional.of(WireFormat.OPENAI),
                status,
                Optional.empty(),
                Optional.empty(),
                0,
                1_000,
                0,
                Optional.empty()));
  }

  /** Reads the metrics when a test asks. */
  private static final class Collected implements MetricReader {
    private CollectionRegistration all = CollectionRegistration.noop();

    @Override
    public void register(CollectionRegistration registration) {
      all = registration;
    }

    /** Returns the number of calls of each model. */
    Map<String, Long> calls() {
      return all.collectAllMetrics().stream()
          .filter(metric -> metric.getName().equals("gen_ai.client.operation.duration"))
          .map(metric -> metric.getHistogramData().getPoints())
          .flatMap(Collection::stream)
          .collect(
              Collectors.groupingBy(
                  point -> String.valueOf(point.getAttributes().get(MODEL)),
                  Collectors.summingLong(HistogramPointData::getCount)));
    }

    @Override
    public AggregationTemporality getAggregationTemporality(InstrumentType type) {
      return AggregationTemporality.CUMULATIVE;
    }

    @Override
    public CompletableResultCode forceFlush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }
}
