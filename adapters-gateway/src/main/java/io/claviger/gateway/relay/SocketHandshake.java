package io.claviger.gateway.relay;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.formats.ProviderApi.SocketUse;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.head.BodyLength;
import io.claviger.gateway.head.WebSocketHandshake;
import io.claviger.gateway.model.HeadReferences;
import io.claviger.gateway.out.ProviderConnection;
import io.claviger.gateway.redact.CallSecretRedactor;
import io.claviger.gateway.redact.Redactor;
import io.claviger.gateway.wire.HeadWriter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Opens a conversation: answers the caller's handshake, and does the handshake with the provider.
 * Only used on the event loop of the call.
 */
final class SocketHandshake {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final CallParts parts;
  private final String key;

  /** The compression header in the answer to the caller; empty if messages are not compressed. */
  private final Optional<String> compression;

  private @Nullable RequestRelay request;

  SocketHandshake(CallParts parts) {
    this.parts = parts;
    this.compression = WebSocketHandshake.compression(parts.requested().head());
    byte[] random = new byte[16];
    RANDOM.nextBytes(random);
    this.key = Base64.getEncoder().encodeToString(random);
  }

  /** Whether messages between the caller and the gateway may be compressed. */
  boolean compresses() {
    return compression.isPresent();
  }

  /**
   * Checks that the request can open a WebSocket at its service. Called after the call has been
   * permitted.
   *
   * @throws CallRefused if the request can't open a WebSocket at its service
   */
  static void demandFit(CallParts parts, AuthorizedCall given) {
    HttpRequest head = parts.requested().head();
    if (!given
        .basis()
        .connection()
        .terms()
        .origins()
        .allow(head.headers().getAll(HttpHeaderNames.ORIGIN))) {
      throw new CallRefused(CallError.WEB_SOCKET_ORIGIN_NOT_ALLOWED);
    }
    if (given.hasKeyInForm()) {
      throw new CallRefused(CallError.NO_WEB_SOCKETS);
    }
  }

  /**
   * @throws CallRefused if the head refers to an object that might be another person's
   */
  static void demandNoReferences(AuthorizedCall given, SocketTarget target, String query) {
    ProviderApi api = given.standard().format().api();
    SocketUse use = target.use();
    HeadReferences.demandNone(given, use.method(), api.operationOfSocket(target.path()), query);
  }

  /**
   * Answers the caller's handshake, after which the connection carries frames.
   *
   * @param answer the provider's answer, whose headers are forwarded as usual; null before the
   *     provider was asked
   */
  void answer(MessageReader reader, @Nullable HttpResponse answer) {
    HttpRequest head = parts.requested().head();
    parts
        .response()
        .switchProtocols(
            WebSocketHandshake.accept(WebSocketHandshake.keyOf(head)),
            WebSocketHandshake.protocol(head),
            compression,
            written -> {
              if (answer != null) {
                forward(answer.headers(), written);
              }
            });
    parts.caller().upgrade(reader.decoder(), new WebSocket13FrameEncoder(false), reader);
  }

  private void forward(HttpHeaders from, HeadWriter head) {
    AuthorizedCall given = parts.permission().call();
    // No upload begins with a WebSocket, so an upload URL in the answer could only serve to bypass
    // the gateway.
    given.standard().format().api().capabilityHeaders().forEach(from::remove);
    try (Redactor redactor = CallSecretRedactor.of(given, false)) {
      ResponseFilter.write(
          from, given.standard().responseHeaders(), given.showsRates(), redactor, head);
    }
  }

  /** Asks the provider to open a WebSocket. */
  void begin(ProviderConnection opened, String path, String query) {
    HttpRequest head = parts.requested().head();
    boolean tokenAsBearer = parts.permission().authorizer().parsed().credential().asBearer();
    RequestRelay asking =
        RequestRelay.of(
            new RequestHead(head, parts.permission().call(), path, query, tokenAsBearer)
                .asHandshake(key),
            BodyLength.of(head),
            parts.caller().channel().alloc());
    request = asking;
    asking.start(opened, () -> {});
    asking.flush(opened);
    opened.requestComplete();
  }

  /** Whether the provider's answer opens the requested WebSocket. */
  boolean isOpenedBy(HttpResponse answer) {
    HttpHeaders headers = answer.headers();
    return answer.status().code() == 101
        && WebSocketHandshake.accept(key).equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT))
        && !headers.contains(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS)
        && isOffered(headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL));
  }

  /**
   * Whether the subprotocol in the provider's answer is acceptable. The answer is acceptable if it
   * names no subprotocol, or if it names the subprotocol that the gateway has told the caller.
   */
  private boolean isOffered(List<String> chosen) {
    return chosen.isEmpty()
        || (chosen.size() == 1
            && WebSocketHandshake.protocol(parts.requested().head())
                .equals(Optional.of(chosen.getFirst())));
  }

  /** Erases the request to the provider. This method can be called repeatedly. */
  void forget() {
    if (request != null) {
      request.forget();
    }
  }
}
