package io.claviger.bootstrap.telemetry;

import io.claviger.domain.usage.UsageCounts;
import io.claviger.gateway.events.GatewayEvents.FinishedCall;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;

/**
 * The metrics of the conventions for generative AI: how long calls take, and how many tokens they
 * use. The histograms have the conventions' bounds.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/">Semantic
 *     conventions</a>
 */
final class GenAiMetrics {
  private static final double NANOS_OF_A_SECOND = 1e9;
  private static final List<Double> SECONDS =
      List.of(
          0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);
  private static final List<Long> TOKENS =
      List.of(
          1L,
          4L,
          16L,
          64L,
          256L,
          1_024L,
          4_096L,
          16_384L,
          65_536L,
          262_144L,
          1_048_576L,
          4_194_304L,
          16_777_216L,
          67_108_864L);

  private final DoubleHistogram duration;
  private final LongHistogram tokens;

  GenAiMetrics(Meter meter) {
    duration =
        meter
            .histogramBuilder("gen_ai.client.operation.duration")
            .setUnit("s")
            .setDescription("Time from a request to the end of its answer")
            .setExplicitBucketBoundariesAdvice(SECONDS)
            .build();
    tokens =
        meter
            .histogramBuilder("gen_ai.client.token.usage")
            .ofLongs()
            .setUnit("{token}")
            .setDescription("Tokens of each call, by type")
            .setExplicitBucketBoundariesAdvice(TOKENS)
            .build();
  }

  void record(GenAiCall call, FinishedCall result) {
    duration.record(
        (result.addedNanos() + result.providerNanos()) / NANOS_OF_A_SECOND, call.attributes());
    if (result.used().isPresent()) {
      UsageCounts counts = result.used().get().counts();
      record(counts.inputTokens(), call.ofInput());
      record(counts.outputTokens(), call.ofOutput());
    }
  }

  private void record(long count, Attributes attributes) {
    if (count > 0) {
      tokens.record(count, attributes);
    }
  }
}
