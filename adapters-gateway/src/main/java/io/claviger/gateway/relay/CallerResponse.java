package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.standards.ResponseHeader;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.redact.Redactor;
import io.claviger.gateway.usage.EventStreamBoundary;
import io.claviger.gateway.wire.ChunkedFraming;
import io.claviger.gateway.wire.HeadWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the answer to the caller. If the answer is broken off, no client can mistake this for a
 * regular end.
 */
@SuppressWarnings("FutureReturnValueIgnored") // after a failed write, Netty calls channelInactive
final class CallerResponse {
  private enum Framing {
    LENGTH,
    CHUNKED,
    UNTIL_CLOSE
  }

  private static final ByteBuf CONTINUE =
      Unpooled.unreleasableBuffer(
          Unpooled.copiedBuffer("HTTP/1.1 100 Continue\r\n\r\n", US_ASCII).asReadOnly());

  private static final String CODEX = "codex";

  /**
   * The longest time in seconds for which an SDK should wait before it tries a call again by
   * itself. Some SDKs wait as long as an error says, and their callers hear nothing of the error
   * meanwhile. Other SDKs ignore long times, and repeat the call immediately.
   */
  private static final int LONGEST_SLEEP = 120;

  private static final AsciiString CODEX_WINDOW = AsciiString.cached("x-codex-window-id");

  /** The usual size of a head and a small body, in bytes. */
  private static final int USUAL = 4 << 10;

  /**
   * The size, in bytes, of the largest part of an answer for which a buffer is opened. With such a
   * buffer, one write sends several parts.
   */
  private static final int MOST_COPIED = 1 << 10;

  /** Opened buffers have room for a multiple of this number of bytes. */
  private static final int STEP = 128;

  private static final AsciiString OK = AsciiString.cached("HTTP/1.1 200 OK");

  /**
   * The header lines with which an answer with status 426 names the protocol to use, as RFC 9110
   * (15.5.22) requires.
   */
  private static final AsciiString REQUIRED_PROTOCOL =
      AsciiString.cached("Upgrade: HTTP/1.1\r\nConnection: Upgrade\r\n");

  private final Channel channel;
  private final HttpRequest request;
  private final CallHeaders callHeaders;
  private final boolean bodiless;
  private final boolean http10;

  private boolean keepAlive;
  private boolean begun;
  private int status;
  private Framing framing = Framing.LENGTH;

  /**
   * The bytes that have not been written yet. More bytes are appended to this buffer, because one
   * write costs less than two.
   */
  private @Nullable ByteBuf open;

  private Optional<EventStreamBoundary> events = Optional.empty();

  /**
   * @param keepAlive whether caller and gateway both want to keep the connection open
   */
  CallerResponse(Channel channel, HttpRequest request, CallHeaders callHeaders, boolean keepAlive) {
    this.channel = channel;
    this.callHeaders = callHeaders;
    this.request = request;
    this.bodiless = request.method().name().equals("HEAD");
    this.http10 = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    this.keepAlive = keepAlive && !http10;
  }

  /**
   * Whether the request's headers identify the caller's program as Codex. A program that embeds
   * Codex names itself as the originator, but newer versions of Codex also send the id of a window.
   */
  private boolean isFromCodex() {
    HttpHeaders headers = request.headers();
    return headers.get("originator", "").regionMatches(true, 0, CODEX, 0, CODEX.length())
        || headers.contains(CODEX_WINDOW);
  }

  boolean isBegun() {
    return begun;
  }

  boolean keepsAlive() {
    return keepAlive;
  }

  /** The status that the caller received; 499 if there was no answer. */
  int status() {
    return begun ? status : 499;
  }

  /** Sends {@code 100 Continue}, after which the caller sends the body (RFC 9110, 10.1.1). */
  void sendContinue() {
    channel.writeAndFlush(CONTINUE.duplicate());
  }

  /**
   * Writes an error by the gateway itself as the whole answer.
   *
   * @param mayStay whether the connection may serve another request after this answer
   * @return the size of the body in bytes
   */
  int error(CallError why, boolean mayStay) {
    keepAlive &= mayStay;
    WireFormat format = callHeaders.format();
    CallError error = withStatusFor(format.api(), why);
    byte[] body = body(format, error).getBytes(UTF_8);
    HeadWriter head = begin(error.status());
    head.header(HttpHeaderNames.CONTENT_TYPE, "application/json");
    head.header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length));
    head.header("X-Claviger-Error", error.code());
    format.api().errorHeader(error.status()).forEach(head::header);
    if (error.status() == 426) {
      head.text(REQUIRED_PROTOCOL);
    }
    switch (error.retry()) {
      case NEVER -> head.header("x-should-retry", "false");
      case SOON -> {
        head.header(HttpHeaderNames.RETRY_AFTER, Integer.toString(error.retryAfter()));
        if (error.retryAfter() > LONGEST_SLEEP) {
          head.header("x-should-retry", "false");
        }
      }
      case UNSAID -> {}
    }
    open = head.endLine().buffer();
    return end(body);
  }

  private static String body(WireFormat format, CallError error) {
    ProviderApi api = format.api();
    if (error.retry() == CallError.Retry.SOON) {
      return api.errorBodyWithWait(
          error.status(), error.code(), error.message(), error.retryAfter());
    }
    return error
        .member()
        .map(member -> api.errorBody(error.status(), error.code(), error.message(), member))
        .orElseGet(() -> api.errorBody(error.status(), error.code(), error.message()));
  }

  /**
   * Writes a complete answer by the gateway itself.
   *
   * @param json the body; empty if the answer has no body
   * @param mayStay whether the connection may serve another request after this answer
   * @return the size of the body in bytes
   */
  int own(byte[] json, boolean mayStay) {
    keepAlive &= mayStay;
    HeadWriter head = begin(200);
    if (json.length > 0) {
      head.header(HttpHeaderNames.CONTENT_TYPE, "application/json");
    }
    head.header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(json.length));
    open = head.endLine().buffer();
    return end(json);
  }

  private int end(byte[] body) {
    if (!bodiless) {
      write(Unpooled.wrappedBuffer(body));
    }
    flush();
    return bodiless ? 0 : body.length;
  }

  /**
   * Writes the answer to a WebSocket handshake, after which the connection carries frames.
   *
   * @param protocol the chosen subprotocol, if any
   * @param forwarded an action that writes the forwarded headers of the provider's answer
   */
  void switchProtocols(
      String accept,
      Optional<String> protocol,
      Optional<String> extension,
      Consumer<HeadWriter> forwarded) {
    keepAlive = true; // the answer has no other header about the connection
    HeadWriter head = begin(101);
    head.header(HttpHeaderNames.UPGRADE, "websocket");
    head.header(HttpHeaderNames.CONNECTION, "Upgrade");
    head.header(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, accept);
    protocol.ifPresent(chosen -> head.header(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, chosen));
    extension.ifPresent(chosen -> head.header(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, chosen));
    forwarded.accept(head);
    open = head.endLine().buffer();
    flush();
    keepAlive = false;
  }

  /** Returns the error with the status that suits the format and the caller's program. */
  CallError withStatusFor(ProviderApi api, CallError why) {
    boolean isNotFound = why.code().equals(CallError.NOT_FOUND.code());
    CallError ofApi = isNotFound ? why.withStatus(api.statusOfNotFound()) : why;
    return isFinal(ofApi) && isFromCodex() ? ofApi.withStatus(400) : ofApi;
  }

  /**
   * Whether the error gets status 400, after which Codex does not try again. Codex repeats most
   * refused calls five times, for several seconds, before it shows the reason, and the provider
   * might charge for each repetition. After a 401, Codex may first obtain another token. After a
   * 426, Codex continues without a WebSocket.
   */
  private static boolean isFinal(CallError why) {
    return why.retry() == CallError.Retry.NEVER
        && (why.isOfCaller() || why.equals(CallError.ANSWER_LOST))
        && why.status() != 401
        && why.status() != 426;
  }

  /**
   * Writes the head of a provider's answer.
   *
   * @param passing the provider's headers to forward
   * @param rates true if the caller may see the headers with the account's rate limits
   */
  void begin(HttpResponse from, List<ResponseHeader> passing, boolean rates, Redactor redactor) {
    HeadWriter head = begin(from.status().code());
    ResponseFilter.write(from.headers(), passing, rates, redactor, head);
    frame(from, head);
    if (framing != Framing.LENGTH) {
      events = EventStreamBoundary.of(from.headers());
    }
    open = head.endLine().buffer();
  }

  private HeadWriter begin(int code) {
    begun = true;
    status = code;
    HeadWriter head = new HeadWriter(channel.alloc().ioBuffer(USUAL));
    if (code == 200) {
      head.text(OK);
    } else {
      HttpResponseStatus known = HttpResponseStatus.valueOf(code);
      head.text("HTTP/1.1 ").text(known.codeAsText()).text(" ").text(known.reasonPhrase());
    }
    head.endLine();
    callHeaders.write(head);
    if (!keepAlive) {
      head.header(HttpHeaderNames.CONNECTION, "close");
    }
    return head;
  }

  private void frame(HttpResponse from, HeadWriter head) {
    int code = from.status().code();
    HttpHeaders headers = from.headers();
    String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
    if (code == 204) {
      framing = Framing.LENGTH;
    } else if (length != null) {
      head.header(HttpHeaderNames.CONTENT_LENGTH, length);
    } else if (http10) {
      framing = Framing.UNTIL_CLOSE;
    } else {
      framing = Framing.CHUNKED;
      head.header(HttpHeaderNames.TRANSFER_ENCODING, "chunked");
    }
  }

  /**
   * @param data the next part of the answer; the callee has to release it
   */
  void content(ByteBuf data) {
    events.ifPresent(boundary -> boundary.follow(data));
    if (framing == Framing.CHUNKED) {
      int size = data.readableBytes();
      if (open == null && size > 0 && size <= MOST_COPIED) {
        open = opened(size + ChunkedFraming.MOST_ADDED);
      }
      ChunkedFraming.chunk(channel.alloc(), data, this::write);
    } else {
      write(data);
    }
  }

  void end() {
    if (framing == Framing.CHUNKED) {
      write(ChunkedFraming.end());
    }
    flush();
  }

  void flush() {
    writeOpen();
    channel.flush();
  }

  /** Releases unflushed bytes at the end of the call. */
  void forget() {
    if (open != null) {
      open.release();
      open = null;
    }
  }

  private void write(ByteBuf data) {
    int size = data.readableBytes();
    if (open != null && open.readableBytes() + size > Math.max(USUAL, open.capacity())) {
      writeOpen();
    }
    if (open == null && size > MOST_COPIED) {
      channel.write(data);
      return;
    }
    if (size > 0) {
      open = open == null ? opened(size) : open;
      open.writeBytes(data);
    }
    data.release();
  }

  /**
   * Returns a buffer that is hardly larger than the next part. The buffer grows if further parts
   * arrive together. If the caller does not read, many such buffers wait.
   */
  private ByteBuf opened(int size) {
    return channel.alloc().ioBuffer((size + STEP - 1) / STEP * STEP);
  }

  private void writeOpen() {
    ByteBuf bytes = open;
    if (bytes != null) {
      open = null;
      channel.write(bytes);
    }
  }

  private Optional<byte[]> errorEvent(EventStreamBoundary events, CallError why) {
    ProviderApi api = callHeaders.format().api();
    if (events.isOfFrames()) {
      return api.errorFrame(why.status(), why.message());
    }
    return api.errorEvent(request.uri(), why.status(), why.code(), why.message())
        .map(event -> event.getBytes(UTF_8));
  }

  /**
   * Breaks off the answer. If the stream can carry an error event, the gateway sends one first. In
   * any case, the caller can see that the answer is incomplete.
   */
  void breakOff(CallError why) {
    keepAlive = false;
    if (events.isPresent() && events.get().isBetweenEvents()) {
      errorEvent(events.get(), why).ifPresent(event -> content(Unpooled.wrappedBuffer(event)));
    }
    boolean endsWithConnection = framing == Framing.UNTIL_CLOSE;
    if (endsWithConnection) {
      // without a reset, the end would look regular
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    }
    writeOpen();
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> close(endsWithConnection));
  }

  /**
   * Closes the connection of a broken-off answer.
   *
   * @param hard whether to leave out TLS's closing notice, which would make the end look regular
   */
  private void close(boolean hard) {
    ChannelHandlerContext first = channel.pipeline().firstContext();
    if (hard && first != null) {
      first.close(); // closes without the handler of TLS
    } else {
      channel.close();
    }
  }
}
