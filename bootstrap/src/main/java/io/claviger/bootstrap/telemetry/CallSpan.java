package io.claviger.bootstrap.telemetry;

import com.github.benmanes.caffeine.cache.LoadingCache;
import io.claviger.domain.policy.KeySource;
import io.claviger.gateway.events.CallDescription;
import io.claviger.gateway.events.CallTrace;
import io.claviger.gateway.events.GatewayEvents.EndedWebSocket;
import io.claviger.gateway.events.GatewayEvents.FinishedCall;
import io.claviger.gateway.events.GatewayEvents.RecordedUse;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The span of one call, with the attributes of OpenTelemetry's conventions for generative AI. The
 * span never contains the prompt or the answer. The span contains the handles of users, services
 * and projects only if the operator has turned this on.
 */
final class CallSpan implements CallTrace {
  private static final AttributeKey<Long> STATUS =
      AttributeKey.longKey("http.response.status_code");
  private static final AttributeKey<Long> INPUT = AttributeKey.longKey("gen_ai.usage.input_tokens");
  private static final AttributeKey<Long> OUTPUT =
      AttributeKey.longKey("gen_ai.usage.output_tokens");
  private static final AttributeKey<Boolean> ESTIMATED =
      AttributeKey.booleanKey("claviger.usage.estimated");

  private final Span span;
  private final String operation;
  private final LoadingCache<GenAiCall.Kind, GenAiCall> kinds;
  private final GenAiMetrics metrics;
  private final boolean namesHandles;

  CallSpan(
      Span span,
      String operation,
      LoadingCache<GenAiCall.Kind, GenAiCall> kinds,
      GenAiMetrics metrics,
      boolean namesHandles) {
    this.span = span;
    this.operation = operation;
    this.kinds = kinds;
    this.metrics = metrics;
    this.namesHandles = namesHandles;
  }

  @Override
  public String traceparent() {
    SpanContext context = span.getSpanContext();
    return "00-"
        + context.getTraceId()
        + "-"
        + context.getSpanId()
        + "-"
        + context.getTraceFlags().asHex();
  }

  @Override
  public Optional<String> tracestate() {
    if (span.getSpanContext().getTraceState().isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> fields = new HashMap<>();
    W3CTraceContextPropagator.getInstance()
        .inject(Context.root().with(span), fields, (to, name, value) -> fields.put(name, value));
    return Optional.ofNullable(fields.get("tracestate"));
  }

  @Override
  public void over(Supplier<CallDescription> call, FinishedCall result) {
    GenAiCall.Kind kind = GenAiCall.Kind.of(operation, call, result);
    GenAiCall described = kinds.get(kind);
    metrics.record(kind, described, call, result);
    if (span.isRecording()) {
      describe(described, call.get(), result);
    }
    span.end();
  }

  private void describe(GenAiCall described, CallDescription call, FinishedCall result) {
    span.updateName(described.name());
    span.setAllAttributes(described.attributes());
    span.setAttribute(STATUS, (long) result.status());
    span.setAttribute("claviger.request_id", call.requestId());
    result
        .source()
        .map(KeySource::wireName)
        .ifPresent(source -> span.setAttribute("claviger.key_source", source));
    result.used().ifPresent(this::addUsage);
    if (described.isFailed()) {
      span.setStatus(StatusCode.ERROR);
    }
    if (namesHandles) {
      call.caller().ifPresent(handle -> span.setAttribute("enduser.id", handle.value()));
      call.service().ifPresent(ref -> span.setAttribute("claviger.service", ref.toString()));
      call.project().ifPresent(ref -> span.setAttribute("claviger.project", ref.toString()));
    }
    call.webSocket().ifPresent(this::addWebSocket);
    call.conversed()
        .map(of -> of.connection().toString())
        .ifPresent(id -> span.setAttribute("claviger.websocket.connection", id));
  }

  private void addWebSocket(EndedWebSocket ended) {
    span.setAttribute("claviger.websocket.seconds", ended.open().toMillis() / 1e3);
    span.setAttribute("claviger.websocket.messages", ended.messages());
    span.setAttribute("claviger.websocket.responses", ended.responses());
    span.setAttribute("claviger.websocket.ended_by", ended.why());
  }

  private void addUsage(RecordedUse used) {
    span.setAttribute(INPUT, used.counts().inputTokens());
    span.setAttribute(OUTPUT, used.counts().outputTokens());
    if (used.counts().estimated().requests() > 0) {
      span.setAttribute(ESTIMATED, true);
    }
  }
}
