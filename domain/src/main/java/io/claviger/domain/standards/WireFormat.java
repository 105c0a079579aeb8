package io.claviger.domain.standards;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.policy.Operation;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A format of requests, responses and errors. It also has the defaults for API standards of this
 * format. These allow operations of inference only, and no header or query parameter that could
 * redirect the call.
 */
public enum WireFormat {
  OPENAI(
      List.of(
          "POST embeddings",
          "POST chat/completions",
          "POST completions",
          "POST responses",
          "POST moderations",
          "POST images/generations",
          "POST audio/speech",
          "POST audio/transcriptions",
          "POST audio/translations",
          "POST rerank",
          "GET models",
          "GET models/{id}",
          "POST images/edits",
          "POST images/variations",
          "POST responses/compact",
          "POST responses/input_tokens",
          "POST fim/completions",
          "POST ocr"),
      List.of("beta")),
  COHERE(
      List.of(
          "POST v1/embed",
          "POST v2/embed",
          "POST v1/chat",
          "POST v2/chat",
          "POST v1/rerank",
          "POST v2/rerank",
          "POST v1/tokenize",
          "POST v1/detokenize",
          "GET v1/models",
          "GET v1/models/{model}",
          "POST v1/classify",
          "POST v2/audio/transcriptions"),
      List.of("page_size", "page_token", "endpoint", "default_only")),
  GEMINI(
      List.of(
          "POST **/models/{model}:embedContent",
          "POST **/models/{model}:batchEmbedContents",
          "POST **/models/{model}:generateContent",
          "POST **/models/{model}:streamGenerateContent",
          "POST **/models/{model}:countTokens",
          "GET **/models",
          "GET **/models/{model}",
          "POST **/tunedModels/{model}:embedContent",
          "POST **/tunedModels/{model}:batchEmbedContents",
          "POST **/tunedModels/{model}:generateContent",
          "POST **/tunedModels/{model}:streamGenerateContent",
          "POST **/tunedModels/{model}:countTokens"),
      List.of("alt", "pageSize", "pageToken")),
  ANTHROPIC(
      List.of(
          "POST v1/messages",
          "POST v1/messages/count_tokens",
          "GET v1/models",
          "GET v1/models/{id}"),
      List.of("beta", "limit", "after_id", "before_id")),
  OLLAMA(
      List.of(
          "POST api/chat",
          "POST api/generate",
          "POST api/embed",
          "POST api/embeddings",
          "POST api/show",
          "GET api/tags",
          "GET api/version",
          "GET api/ps"),
      List.of());

  private static final List<RequestHeader> COMMON_HEADERS =
      Stream.of(
              "accept",
              "accept-language",
              "content-type",
              "content-length",
              "user-agent",
              "idempotency-key",
              "anthropic-*",
              "openai-beta",
              "x-stainless-*",
              "x-goog-api-client",
              "x-goog-request-params",
              "x-client-name",
              "traceparent",
              "tracestate",
              "x-claude-code-*",
              "x-codex-*",
              "x-app",
              "session-id",
              "session_id",
              "thread-id",
              "conversation_id",
              "originator",
              "x-client-request-id",
              "x-session-*",
              "x-fern-*")
          .map(RequestHeader::new)
          .toList();

  private final List<Operation> operations;
  private final List<String> queryParameters;

  WireFormat(List<String> operations, List<String> queryParameters) {
    this.operations = operations.stream().map(Operation::new).toList();
    this.queryParameters = queryParameters;
  }

  /** The name in JSON, such as {@code openai}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Whether the gateway has a base URL for this format, on which models are called by their names.
   */
  public boolean hasBaseUrl() {
    return this != OLLAMA;
  }

  public List<Operation> operations() {
    return operations;
  }

  public List<RequestHeader> requestHeaders() {
    return COMMON_HEADERS;
  }

  public List<ResponseHeader> responseHeaders() {
    return ResponseHeader.USUAL;
  }

  public List<String> queryParameters() {
    return queryParameters;
  }

  public static WireFormat of(String name) {
    return Arrays.stream(values())
        .filter(f -> f.wireName().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new InvalidValue("format", "openai, cohere, gemini, anthropic or ollama"));
  }
}
