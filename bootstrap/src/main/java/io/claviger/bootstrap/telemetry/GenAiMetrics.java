package io.claviger.bootstrap.telemetry;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.gateway.events.CallDescription;
import io.claviger.gateway.events.GatewayEvents.FinishedCall;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.metrics.Meter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The metrics of the conventions for generative AI: how long calls take, and how many tokens they
 * use. The histograms' buckets have the bounds that the conventions state.
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

  /**
   * The maximum number of kinds of calls with their own series. Without this limit, callers could
   * create any number of kinds, because they can send any model name. The SDK keeps all series
   * until the node stops. After 2,000 series, the SDK would put all further calls of all callers
   * into one series.
   */
  static final int MOST_KINDS = 800;

  /** The maximum number of kinds that get their own series because of one caller's calls. */
  static final int MOST_OF_CALLER = MOST_KINDS / 4;

  private final DoubleHistogram duration;
  private final LongHistogram tokens;
  private final Map<GenAiCall.Kind, GenAiCall> kinds = new ConcurrentHashMap<>();
  private final Map<GenAiCall.Kind, GenAiCall> others = new ConcurrentHashMap<>();
  private final Map<Optional<Handle>, Integer> ofCallers = new HashMap<>();

  GenAiMetrics(Meter meter) {
    duration =
        meter
            .histogramBuilder("gen_ai.client.operation.duration")
            .setUnit("s")
            .setDescription("Time from the start of a request to the end of its answer")
            .setExplicitBucketBoundariesAdvice(SECONDS)
            .build();
    tokens =
        meter
            .histogramBuilder("gen_ai.client.token.usage")
            .ofLongs()
            .setUnit("{token}")
            .setDescription("Tokens per call, by type")
            .setExplicitBucketBoundariesAdvice(TOKENS)
            .build();
  }

  /**
   * Records a call.
   *
   * @param kind the kind of the call
   * @param described the attributes that describe the call in spans
   * @param description the supplier of the call's description. The description is needed only for a
   *     new kind
   */
  void record(
      GenAiCall.Kind kind,
      GenAiCall described,
      Supplier<CallDescription> description,
      FinishedCall result) {
    GenAiCall known = kinds.get(kind);
    GenAiCall call = known == null ? series(kind, described, description) : known;
    duration.record(
        (result.addedNanos() + result.providerNanos()) / NANOS_OF_A_SECOND, call.attributes());
    if (result.used().isPresent()) {
      UsageCounts counts = result.used().get().counts();
      record(counts.inputTokens(), call.ofInput());
      record(counts.outputTokens(), call.ofOutput());
    }
  }

  private GenAiCall series(
      GenAiCall.Kind kind, GenAiCall described, Supplier<CallDescription> description) {
    return kinds.size() < MOST_KINDS && begins(kind, described, description.get().caller())
        ? described
        : others.computeIfAbsent(kind.folded(), GenAiCall::of);
  }

  /**
   * Gives the kind its own series unless the limits forbid it. Returns whether the kind has its own
   * series now.
   */
  private synchronized boolean begins(
      GenAiCall.Kind kind, GenAiCall described, Optional<Handle> caller) {
    if (kinds.containsKey(kind)) {
      return true;
    }
    int before = ofCallers.getOrDefault(caller, 0);
    if (kinds.size() >= MOST_KINDS || before >= MOST_OF_CALLER) {
      return false;
    }
    kinds.put(kind, described);
    ofCallers.put(caller, before + 1);
    return true;
  }

  private void record(long count, Attributes attributes) {
    if (count > 0) {
      tokens.record(count, attributes);
    }
  }
}
