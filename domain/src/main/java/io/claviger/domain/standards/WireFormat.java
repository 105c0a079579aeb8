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
 * A format of requests, responses and errors. Everything that depends on the format is in its
 * {@code ProviderApi}. The defaults of API standards depend on the format too, and are therefore
 * also in the {@code ProviderApi}. The defaults allow only operations of inference, and they allow
 * no header and no query parameter that could send the call to another place. No other code checks
 * which format it is working with.
 */
public enum WireFormat implements WireNamed {
  OPENAI(new OpenAiApi()),
  COHERE(new CohereApi()),
  GEMINI(new GeminiApi()),
  ANTHROPIC(new AnthropicApi()),
  OLLAMA(new OllamaApi()),
  BEDROCK(new BedrockApi()),
  VERTEX(new VertexApi());

  /** The format that is assumed if neither the request nor the service determines it. */
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

  /** Constants in a separate class, because they are needed while the formats are created. */
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
   * The protocol on a WebSocket at this path in any of the formats; empty if no format has a
   * WebSocket at this path. No two formats have a WebSocket at the same path.
   *
   * @param path below the service
   */
  public static Optional<SocketUse> socketAt(String path) {
    return formatOfSocketAt(path).flatMap(format -> format.api.socketAt(path));
  }

  /**
   * The path of the operation that a handshake at this path calls; the path itself if no WebSocket
   * can be opened there.
   *
   * @param path below the service
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
   * Returns the path of the sessions that a secret made by this call can open, in any of the
   * formats.
   *
   * @param path below the service
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

  /** Everything that depends on the format. */
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
