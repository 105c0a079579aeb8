package io.claviger.bootstrap.telemetry;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.claviger.domain.usage.TokenCounting;
import io.claviger.gateway.events.CallTrace;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Creates an OpenTelemetry span for each gateway call. If the request names a span of the caller,
 * that span becomes the parent.
 */
public final class CallSpans {
  private static final W3CTraceContextPropagator CONTEXT = W3CTraceContextPropagator.getInstance();
  private static final HeaderReader HEADERS = new HeaderReader();

  // The maximum number of kinds of calls that are remembered. Without this limit, callers could
  // create any number of kinds, because they can send any model name.
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
   * Starts the span of a call.
   *
   * @param path the URL's path after the part that names the service, without the query
   * @param header a function that returns the value of the header with a given name; null if the
   *     request has no such header
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

  /**
   * Finds an operation's name in OpenTelemetry's conventions for generative AI from the path at the
   * provider. All names come from a fixed list, so callers can't create names.
   *
   * @see <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/">Semantic
   *     conventions, <code>gen_ai.operation.name</code></a>
   */
  static final class GenAiOperation {
    /** The name of all operations that this class does not list. */
    static final String OTHER = "other";

    private static final Map<String, String> BY_END =
        Map.ofEntries(
            Map.entry("chat/completions", "chat"),
            Map.entry("responses", "chat"),
            Map.entry("realtime", "chat"),
            Map.entry("live", "generate_content"),
            Map.entry("chat", "chat"),
            Map.entry("messages", "chat"),
            Map.entry("converse", "chat"),
            Map.entry("converse-stream", "chat"),
            Map.entry("invoke", "generate_content"),
            Map.entry("invoke-with-response-stream", "generate_content"),
            Map.entry("completions", "text_completion"),
            Map.entry("generate", "text_completion"),
            Map.entry("embeddings", "embeddings"),
            Map.entry("embed", "embeddings"),
            Map.entry("embedContent", "embeddings"),
            Map.entry("batchEmbedContents", "embeddings"),
            Map.entry("generateContent", "generate_content"),
            Map.entry("streamGenerateContent", "generate_content"),
            Map.entry("batchGenerateContent", "batches"),
            Map.entry("rerank", "rerank"),
            Map.entry("moderations", "moderation"),
            Map.entry("transcriptions", "transcription"),
            Map.entry("translations", "translation"),
            Map.entry("speech", "speech"),
            Map.entry("generations", "image_generation"),
            Map.entry("predict", "image_generation"),
            Map.entry("rawPredict", "chat"),
            Map.entry("streamRawPredict", "chat"),
            Map.entry("models", "list_models"),
            Map.entry("foundation-models", "list_models"),
            Map.entry("tags", "list_models"));

    /** The path segments that name a kind of stored objects, such as files. */
    private static final Set<String> STORED =
        Set.of(
            "files",
            "uploads",
            "batches",
            "responses",
            "conversations",
            "vector_stores",
            "containers",
            "cachedContents");

    private GenAiOperation() {}

    /**
     * @param path the URL's path after the part that names the service, without the query
     */
    static String of(String path) {
      int last = Math.max(path.lastIndexOf('/'), path.lastIndexOf(':'));
      String end = path.substring(last + 1);
      if (TokenCounting.is(path)) {
        return OTHER;
      }
      if (end.equals("predict") && path.contains("embedding")) {
        return "embeddings";
      }
      String known = path.endsWith("chat/" + end) ? BY_END.get("chat/" + end) : null;
      return known == null ? BY_END.getOrDefault(end, stored(path)) : known;
    }

    /**
     * Returns the name of an operation on stored objects. This name is the first kind of objects in
     * the path.
     */
    private static String stored(String path) {
      return Arrays.stream(path.split("/"))
          .filter(STORED::contains)
          .findFirst()
          .orElse(path.startsWith("chat/completions/") ? "chat" : OTHER);
    }
  }
}
