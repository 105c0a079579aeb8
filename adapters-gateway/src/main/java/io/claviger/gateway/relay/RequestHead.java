package io.claviger.gateway.relay;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.definitions.SentSettings;
import io.claviger.domain.definitions.SentSettings.Sent;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.keys.CallerNames;
import io.claviger.domain.keys.CustomHeader;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.RequestHeader;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.head.BodyLength;
import io.claviger.gateway.head.LoopGuard;
import io.claviger.gateway.head.QueryFilter;
import io.claviger.gateway.head.RememberedRequest;
import io.claviger.gateway.head.WebSocketHandshake;
import io.claviger.gateway.wire.HeadWriter;
import io.claviger.gateway.wire.NextHopHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.AsciiString;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request as it is sent to a provider. The head can be written several times while
 * the authorized call is open. Several writes are needed if the first connection turns out to be
 * dead before anything was sent.
 */
public final class RequestHead {
  private static final int LINE_END = ('\r' << 8) | '\n';
  private static final int USUAL = 4 << 10;

  /** The query parameter for the API version, which only API standards for Azure list. */
  static final String VERSION_OF_AZURE = "api-version";

  /**
   * An upper bound on the total size, in bytes, of the short parts of the head. These are the first
   * line without path and query, the headers that every request has, and the header or parameter
   * names with which a key is sent.
   */
  private static final int SHORT_PARTS = 1 << 10;

  /** The size in bytes of a header's colon, space and line end together. */
  private static final int BETWEEN = 4;

  /** An upper bound on the length, in bytes, of a name that replaces a caller's value. */
  private static final int LONGEST_NAME = 64;

  /** The number of bytes that one byte takes if it is percent-encoded. */
  private static final int LONGEST_ENCODED = 3;

  private final HttpRequest request;
  private final AuthorizedCall authorized;
  private final String path;
  private final String query;
  private final boolean tokenAsBearer;

  /**
   * The value of {@code Sec-WebSocket-Key} in a handshake; empty if the request is no handshake.
   */
  private final String webSocketKey;

  /**
   * @param path the path below the service's endpoint
   * @param query the query to send, still without the key
   * @param tokenAsBearer whether the caller sent the access token as {@code Authorization: Bearer}
   */
  public RequestHead(
      HttpRequest request,
      AuthorizedCall authorized,
      String path,
      String query,
      boolean tokenAsBearer) {
    this(request, authorized, path, query, tokenAsBearer, "");
  }

  private RequestHead(
      HttpRequest request,
      AuthorizedCall authorized,
      String path,
      String query,
      boolean tokenAsBearer,
      String webSocketKey) {
    this.request = request;
    this.authorized = authorized;
    this.path = path;
    this.query = query;
    this.tokenAsBearer = tokenAsBearer;
    this.webSocketKey = webSocketKey;
  }

  /**
   * Returns the head of a handshake that asks the provider to open a WebSocket.
   *
   * @param key the value of {@code Sec-WebSocket-Key}
   */
  RequestHead asHandshake(String key) {
    return new RequestHead(request, authorized, path, query, tokenAsBearer, key);
  }

  /**
   * Returns the filter that removes the field for the key from the caller's form; empty if the key
   * is not sent as a field of the body.
   *
   * @throws CallRefused if the key has to be sent as a field of a form, but the body is no form
   */
  Optional<FormFilter> formFilter(ByteBufAllocator buffers) {
    if (!authorized.hasKeyInForm()) {
      return Optional.empty();
    }
    if (!webSocketKey.isEmpty() || !FormFilter.reads(request.headers())) {
      throw new CallRefused(CallError.BODY_NOT_A_FORM);
    }
    return Optional.of(new FormFilter(authorized.placement().field(), buffers));
  }

  /**
   * Writes the head into a buffer with room for a small body after the head. The head contains the
   * key in clear text, so the receiver of the buffer has to erase the buffer after the head has
   * been sent.
   *
   * @param length the length of the body as it will be sent
   */
  ByteBuf write(BodyLength length, ByteBufAllocator buffers) {
    byte[] known = RememberedRequest.passing(request, authorized.basis(), path);
    HeadWriter head = new HeadWriter(buffers.ioBuffer(Math.max(USUAL, size(known))));
    KeyAttachment attachment = new KeyAttachment(authorized, tokenAsBearer);
    head.text(request.method().name()).text(" ");
    ProviderApi api = authorized.standard().format().api();
    String endpointPath = authorized.endpoint().path();
    String before = api.pathBefore(endpointPath, path, authorized.standard().operations());
    head.text(before).text("/").text(path);
    attachment.writeQuery(
        head,
        query.isEmpty() || endpointPath.startsWith(before)
            ? query
            : QueryFilter.without(query, api.idleParameters()));
    head.text(" HTTP/1.1").endLine();
    head.header(HttpHeaderNames.HOST, authorized.endpoint().authority());
    if (known == null) {
      writePassing(head, attachment);
    } else {
      head.bytes(known);
    }
    head.header(HttpHeaderNames.ACCEPT_ENCODING, "identity");
    head.header(LoopGuard.HOP, LoopGuard.MARK);
    attachment.writeHeaders(head);
    writeFraming(head, length);
    if (!webSocketKey.isEmpty()) {
      head.header(HttpHeaderNames.UPGRADE, "websocket");
      head.header(HttpHeaderNames.CONNECTION, "Upgrade");
      head.header(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13");
      head.header(HttpHeaderNames.SEC_WEBSOCKET_KEY, webSocketKey);
      String protocols =
          WebSocketHandshake.offer(
              request, authorized.standard().queryParameters().contains(VERSION_OF_AZURE));
      if (!protocols.isEmpty()) {
        head.header(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, protocols);
      }
    }
    ByteBuf written = head.endLine().buffer();
    if (authorized.hasKeyInForm()) {
      writeFormKey(written);
    }
    return written;
  }

  /**
   * Returns an upper bound on the size of the head. The bound must not be too low: a buffer that
   * grows leaves a copy of the key in memory.
   */
  private int size(byte @Nullable [] known) {
    int size = SHORT_PARTS + authorized.endpoint().path().length() + path.length() + query.length();
    size += known == null ? sizeOfHeaders() : known.length;
    for (CustomHeader header : authorized.headers().headers()) {
      size += header.name().value().length() + length(header.value()) + BETWEEN;
    }
    SentSettings sent = authorized.basis().destination().sent();
    if (!sent.isEmpty()) {
      for (Sent each : sent.all()) {
        size += each.name().length() + LONGEST_ENCODED * each.value().length() + BETWEEN;
      }
    }
    return authorized.key().isEmpty()
        ? size
        : size + LONGEST_ENCODED * length(authorized.key().get());
  }

  private int sizeOfHeaders() {
    int size = 0;
    Iterator<Map.Entry<CharSequence, CharSequence>> all = request.headers().iteratorCharSequence();
    while (all.hasNext()) {
      Map.Entry<CharSequence, CharSequence> header = all.next();
      size += header.getKey().length() + BETWEEN;
      size += Math.max(header.getValue().length(), LONGEST_NAME);
    }
    return size;
  }

  private static int length(Secret secret) {
    return secret.lend(bytes -> bytes.length);
  }

  @SuppressWarnings("ReferenceEquality") // an unchanged value is the same object
  private void writePassing(HeadWriter head, KeyAttachment attachment) {
    RequestHeaderFilter filter = RequestHeaderFilter.of(authorized.standard().requestHeaders());
    ProviderApi api = authorized.standard().format().api();
    List<String> ofUploads = api.uploadHeaders(path);
    Set<String> ofTiers = api.tierHeaders(path).keySet();
    Set<String> ofModels = api.modelHeaders(path);
    Set<String> ofAccount = authorized.source() == KeySource.USER ? api.accountHeaders() : Set.of();
    HttpHeaders headers = request.headers();
    NextHopHeaders nextHop = NextHopHeaders.of(headers);
    Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
    int from = head.length();
    boolean asSaid = true;
    while (all.hasNext()) {
      Map.Entry<CharSequence, CharSequence> header = all.next();
      CharSequence name = header.getKey();
      boolean passes =
          isAmong(ofModels, name)
              ? webSocketKey.isEmpty() // a WebSocket's messages are checked without these headers
              : filter.passes(name)
                  || isAmong(ofUploads, name)
                  || isAmong(ofTiers, name)
                  || isAmong(ofAccount, name);
      // The reservation is based on the models and tiers in these headers, so the provider must get
      // the same headers.
      boolean staysHere =
          nextHop.include(name) && !isAmong(ofModels, name) && !isAmong(ofTiers, name);
      if (passes && !attachment.sets(name) && !staysHere) {
        CharSequence value = value(filter, name, header.getValue());
        asSaid &= value == header.getValue();
        head.header(name, value);
      }
    }
    if (asSaid) {
      keepPassing(head, from);
    }
  }

  /**
   * Remembers the forwarded header lines of the caller for later calls with the same head. The
   * lines depend neither on the service nor on this call.
   */
  private void keepPassing(HeadWriter written, int from) {
    RememberedRequest.keepPassing(request, authorized.basis(), path, () -> written.copyFrom(from));
  }

  /**
   * Returns the value to send for a caller's header. If the value is a name that callers choose
   * freely, such as a session's name, the gateway sends a name of its own instead. So two callers
   * who choose the same name do not share what the provider stores under the name.
   */
  private CharSequence value(RequestHeaderFilter filter, CharSequence name, CharSequence said) {
    if (authorized.names().isEmpty() || !filter.hasChosenName(name)) {
      return said;
    }
    CallerNames names = authorized.names().get();
    String value = said.toString();
    return RequestHeader.namesCall(name)
        ? names.idempotencyKey(value)
        : names.session(value).orElse(value);
  }

  private static boolean isAmong(Collection<String> names, CharSequence name) {
    if (names.isEmpty()) {
      return false; // true for most calls, which then need no iterator for each header
    }
    for (String each : names) {
      if (AsciiString.contentEqualsIgnoreCase(each, name)) {
        return true;
      }
    }
    return false;
  }

  private void writeFraming(HeadWriter head, BodyLength length) {
    if (length.isChunked()) {
      head.header(HttpHeaderNames.TRANSFER_ENCODING, "chunked");
    } else if (length.bytes() > 0 || request.method().name().equals("POST")) {
      head.header(HttpHeaderNames.CONTENT_LENGTH, Long.toString(length.bytes()));
    }
  }

  /**
   * Writes the key as the first chunk of a form. The size of the chunk is known only after the key
   * has been encoded.
   */
  private void writeFormKey(ByteBuf out) {
    int sizeAt = out.writerIndex();
    out.writeZero(8).writeShort(LINE_END);
    int from = out.writerIndex();
    ByteBufUtil.writeAscii(out, authorized.placement().field());
    out.writeByte('=');
    authorized.key().orElseThrow().lend(bytes -> PercentEncoder.write(bytes, out::writeByte));
    int size = out.writerIndex() - from;
    for (int digit = 7; digit >= 0; digit--) {
      out.setByte(sizeAt + digit, Character.forDigit((size >> (4 * (7 - digit))) & 0xf, 16));
    }
    out.writeShort(LINE_END);
  }
}
