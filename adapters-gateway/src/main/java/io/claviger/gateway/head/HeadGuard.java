package io.claviger.gateway.head;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Set;

/** Refuses heads that are malformed or ambiguous, or that request something unsupported. */
public final class HeadGuard {
  /** The methods for which HTTP defines a meaning of the request's body. */
  private static final Set<HttpMethod> WITH_BODY =
      Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);

  private HeadGuard() {}

  /**
   * Checks that the length of the request is unambiguous. The connection is unusable after a
   * refusal, because the gateway does not know where the next request on the connection begins.
   */
  public static void checkFraming(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      throw new CallRefused(meaning(request.decoderResult().cause()));
    }
    HttpHeaders headers = request.headers();
    boolean coded = headers.contains(HttpHeaderNames.TRANSFER_ENCODING);
    boolean knownVersion =
        request.protocolVersion().equals(HttpVersion.HTTP_1_1)
            || request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    if (!knownVersion || (coded && !isChunkedAlone(headers)) || hasUnannouncedBody(headers)) {
      throw new CallRefused(CallError.MALFORMED);
    }
  }

  /** Whether the request's method only reads. */
  public static boolean isRead(HttpRequest request) {
    return request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
  }

  /**
   * Whether the request has a body although HTTP defines no meaning for a body with its method. A
   * server might ignore such a body, and then read its bytes as the next request on the connection.
   */
  public static boolean mayLeaveBodyUnread(HttpRequest request) {
    return !WITH_BODY.contains(request.method()) && BodyLength.of(request).bytes() != 0;
  }

  private static boolean isChunkedAlone(HttpHeaders headers) {
    List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    return codings.size() == 1
        && codings.get(0).equalsIgnoreCase("chunked")
        && !headers.contains(HttpHeaderNames.CONTENT_LENGTH);
  }

  /**
   * Whether the request is a WebSocket handshake of a draft before RFC 6455. Netty's decoder reads
   * the eight bytes behind such a head as a body. Other servers read these bytes as the beginning
   * of the next request, because no header announces a body.
   */
  private static boolean hasUnannouncedBody(HttpHeaders headers) {
    return headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY1)
        && headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY2);
  }

  /**
   * A request with a method that only reads must not have a body. Some servers ignore the body of a
   * request with such a method. Such a server reads the bytes of the body as the next request on
   * the connection, but the next request might belong to another caller.
   */
  public static void checkDemands(HttpRequest request, long mostBodyBytes) {
    HttpHeaders headers = request.headers();
    String expected = headers.get(HttpHeaderNames.EXPECT);
    if (expected != null && !expected.equalsIgnoreCase("100-continue")) {
      throw new CallRefused(CallError.EXPECTATION_FAILED);
    }
    BodyLength length = BodyLength.of(request);
    if (isRead(request) && length.bytes() != 0) {
      throw new CallRefused(CallError.badRequest("A request with GET or HEAD can't have a body."));
    }
    if (length.bytes() > mostBodyBytes) {
      throw new CallRefused(CallError.BODY_TOO_LARGE);
    }
  }

  /**
   * An {@code Upgrade} to any other protocol is an offer that a server may ignore (RFC 9110, 7.8).
   * A WebSocket handshake (RFC 6455, 4.1) is different: it has no meaning unless the protocol
   * changes.
   */
  public static boolean isWebSocketHandshake(HttpRequest request) {
    return request.method().equals(HttpMethod.GET)
        && request.headers().containsValue(HttpHeaderNames.UPGRADE, "websocket", true);
  }

  private static CallError meaning(Throwable cause) {
    return cause instanceof CallRefused refused ? refused.error() : CallError.MALFORMED;
  }
}
