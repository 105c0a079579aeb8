package io.claviger.bootstrap.telemetry;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.claviger.gateway.events.CallTrace;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes a span for each call. Its parent is the caller's span, if the request names one. */
public final class CallSpans {
  private static final W3CTraceContextPropagator CONTEXT = W3CTraceContextPropagator.getInstance();
  private static final HeaderReader HEADERS = new HeaderReader();

  // The most kinds that are remembered. Callers name models, so the number of kinds has no bound.
  private static final int REMEMBERED_KINDS = 1_000;

  private final Tracer tracer;
  private final LoadingCache<GenAiCall.Kind, GenAiCall> kinds =
      Caffeine.newBuilder().maximumSize(REMEMBERED_KINDS).build(GenAiCall::of);
  private final GenAiMetrics metrics;
  private final boolean namesHandles;

  CallSpans(Tracer tracer, GenAiMetrics metrics, boolean namesHandles) {
    this.tracer = tracer;
    this.metrics = metrics;
    this.namesHandles = namesHandles;
  }

  /**
   * Begins the span of a call.
   *
   * @param path below the service, without a query
   * @param header finds the value of a header of the caller's request; null if it has none
   */
  public CallTrace begin(String path, Function<String, @Nullable String> header) {
    Context parent =
        header.apply("traceparent") == null
            ? Context.root()
            : CONTEXT.extract(Context.root(), header, HEADERS);
    Span span =
        tracer.spanBuilder("call").setParent(parent).setSpanKind(SpanKind.CLIENT).startSpan();
    return new CallSpan(span, GenAiOperation.of(path), kinds, metrics, namesHandles);
  }

  private static final class HeaderReader
      implements TextMapGetter<Function<String, @Nullable String>> {
    @Override
    public Iterable<String> keys(Function<String, @Nullable String> headers) {
      return List.copyOf(CONTEXT.fields());
    }

    @Override
    public @Nullable String get(@Nullable Function<String, @Nullable String> headers, String key) {
      return headers == null ? null : headers.apply(key);
    }
  }
}
