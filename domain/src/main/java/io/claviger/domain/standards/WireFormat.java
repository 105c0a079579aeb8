package io.claviger.domain.standards;

import io.claviger.domain.WireNamed;
import io.claviger.domain.formats.AnthropicApi;
import io.claviger.domain.formats.BedrockApi;
import io.claviger.domain.formats.CohereApi;
import io.claviger.domain.formats.GeminiApi;
import io.claviger.domain.formats.OllamaApi;
import io.claviger.domain.formats.OpenAiApi;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.formats.ProviderApi.SocketUse;
import io.claviger.domain.formats.VertexApi;
import io.claviger.domain.policy.Operation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A format of requests, responses and errors. All code that depends on the format is in the
 * format's {@code ProviderApi}, including the defaults of API standards. The defaults allow only
 * inference, and no header or query parameter that could redirect the call. No other code checks
 * the format.
 */
public enum WireFormat implements WireNamed {
  OPENAI(new OpenAiApi()),
  COHERE(new CohereApi()),
  GEMINI(new GeminiApi()),
  ANTHROPIC(new AnthropicApi()),
  OLLAMA(new OllamaApi()),
  BEDROCK(new BedrockApi()),
  VERTEX(new VertexApi());

  /** The format if neither the request nor the service determines one. */
  public static final WireFormat USUAL = OPENAI;

  private static final List<WireFormat> ALL = List.of(values());

  private final ProviderApi api;
  private final List<RequestHeader> requestHeaders;
  private final List<ResponseHeader> responseHeaders;

  WireFormat(ProviderApi api) {
    this.api = api;
    this.requestHeaders = with(Common.REQUEST_HEADERS, api.requestHeaders(), RequestHeader::new);
    this.responseHeaders = with(ResponseHeader.USUAL, api.responseHeaders(), ResponseHeader::new);
  }

  private static <T> List<T> with(
      List<T> common, List<String> further, Function<String, T> header) {
    return further.isEmpty()
        ? common
        : Stream.concat(common.stream(), further.stream().map(header)).toList();
  }

  /**
   * These constants are in a separate class, because the formats need them during their own
   * initialization.
   */
  private static final class Common {
    static final List<RequestHeader> REQUEST_HEADERS =
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
                "x-fern-*",
                "x-initiator",
                "x-interaction-type",
                "x-opencode-session-id")
            .map(RequestHeader::new)
            .toList();
  }

  /**
   * Returns the protocol of the WebSocket that one of the formats has at this path; empty if no
   * format has a WebSocket there. No two formats have a WebSocket at the same path.
   *
   * @param path the path without the part that names the service
   */
  public static Optional<SocketUse> socketAt(String path) {
    return formatOfSocketAt(path).flatMap(format -> format.api.socketAt(path));
  }

  /**
   * Returns the path of the operation that is called by opening a WebSocket at this path. Returns
   * the path itself if no format has a WebSocket there.
   *
   * @param path the path without the part that names the service
   */
  public static String operationOfSocket(String path) {
    return formatOfSocketAt(path).map(format -> format.api.operationOfSocket(path)).orElse(path);
  }

  private static Optional<WireFormat> formatOfSocketAt(String path) {
    return Arrays.stream(values())
        .filter(format -> format.api.socketAt(path).isPresent())
        .findFirst();
  }

  /**
   * If a call to this path returns, in one of the formats, a secret that opens sessions, returns
   * the path of these sessions; otherwise empty.
   *
   * @param path the path without the part that names the service
   */
  public static Optional<String> sessionOfSecretAt(String path) {
    for (WireFormat format : ALL) {
      Optional<String> session = format.api.sessionOfSecretAt(path);
      if (session.isPresent()) {
        return session;
      }
    }
    return Optional.empty();
  }

  /** Returns the object that contains all code for this format. */
  public ProviderApi api() {
    return api;
  }

  public List<Operation> operations() {
    return api.operations();
  }

  public List<RequestHeader> requestHeaders() {
    return requestHeaders;
  }

  public List<ResponseHeader> responseHeaders() {
    return responseHeaders;
  }

  public List<String> queryParameters() {
    return api.queryParameters();
  }

  public static WireFormat of(String name) {
    return WireNamed.of(values(), name, "format");
  }
}
