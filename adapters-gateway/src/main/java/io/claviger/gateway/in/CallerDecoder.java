package io.claviger.gateway.in;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.head.RememberedRequest;
import io.claviger.gateway.wire.ChunkGuard;
import io.claviger.gateway.wire.DroppedTrailers;
import io.claviger.gateway.wire.HeadReader;
import io.claviger.gateway.wire.HeadReader.HeadFault;
import io.claviger.gateway.wire.RepeatedLength;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decodes requests. The decoder refuses a head as soon as the head exceeds a limit. As long as the
 * head exceeds no limit, the decoder waits until the head is complete. While the receiver accepts
 * no more parts, the decoder keeps the bytes undecoded, because bytes need less memory than decoded
 * objects.
 */
final class CallerDecoder extends HttpRequestDecoder {
  /** The maximum number of fields in a head, and also in the trailers of a body. */
  static final int MOST_FIELDS = 100;

  static final HeadReader.Bounds BOUNDS = new HeadReader.Bounds(8 << 10, 32 << 10, MOST_FIELDS);

  /** The first byte of a TLS connection (RFC 8446, 5.1). No HTTP request begins with this byte. */
  private static final byte TLS_HANDSHAKE = 0x16;

  private static final int MOST_OF_BODY = 64 << 10;

  private static final HttpDecoderConfig LIMITS =
      new HttpDecoderConfig()
          .setMaxInitialLineLength(BOUNDS.lineBytes())
          .setMaxHeaderSize(BOUNDS.fieldsBytes())
          .setMaxChunkSize(MOST_OF_BODY)
          .setTrailersFactory(new DroppedTrailers(MOST_FIELDS));

  interface Receiver extends HeadReader.Room {
    boolean takesHead();

    /** Whether the receiver can now accept the next part of a body. */
    boolean takesBody();

    /** Whether the decoder drops everything that arrives. */
    boolean takesNothing();

    /** Called when the first part of a head has arrived. */
    void headBegun();

    /** Called after {@link #headBegun}, when the head is complete or was refused. */
    void headEnded();

    /**
     * Called when the first byte of the connection is the first byte of TLS. Once this method has
     * been called, nothing that arrives on the connection is decoded.
     */
    void tlsBegun();
  }

  private final Receiver receiver;
  private final HeadReader head;
  private final RememberedHeads remembered = new RememberedHeads();
  private final ChunkGuard chunks = new ChunkGuard();
  private @Nullable ChannelHandlerContext context;
  private boolean inHead = true;
  private boolean headBegun;
  private boolean begun;
  private boolean broken;
  private boolean active;
  private boolean holdsBack;

  /**
   * The number of bytes that are still missing from the body of a request whose head was not
   * decoded. The length of such a body is always known.
   */
  private long rest;

  CallerDecoder(Receiver receiver) {
    super(LIMITS);
    this.receiver = receiver;
    this.head = new HeadReader(BOUNDS, receiver);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    context = ctx;
    super.handlerAdded(ctx);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
    head.finish();
    remembered.forget();
    super.handlerRemoved0(ctx);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    active = true;
    try {
      super.channelRead(ctx, message);
    } finally {
      active = false;
    }
  }

  /** Whether the decoder holds bytes that have arrived but not yet reached the receiver. */
  boolean holdsBack() {
    return holdsBack;
  }

  /** Decodes the held bytes as long as the receiver accepts more. */
  void resume() {
    if (!active && holdsBack && context != null) {
      try {
        channelRead(context, Unpooled.EMPTY_BUFFER);
      } catch (Exception e) {
        context.fireExceptionCaught(e);
      }
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out)
      throws Exception {
    if (broken || receiver.takesNothing()) {
      holdsBack = false;
      buffer.skipBytes(buffer.readableBytes());
      return;
    }
    holdsBack = !(inHead ? receiver.takesHead() : receiver.takesBody());
    if (holdsBack) {
      return;
    }
    if (inHead) {
      decodeHead(ctx, buffer, out);
    } else if (rest > 0) {
      passBody(buffer, out);
    } else {
      chunks.watch(buffer, out, () -> super.decode(ctx, buffer, out));
    }
    for (int i = 0; i < out.size(); i++) {
      follow(out.get(i));
    }
  }

  private void decodeHead(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out)
      throws Exception {
    if (!begun && buffer.isReadable()) {
      begun = true;
      if (buffer.getByte(buffer.readerIndex()) == TLS_HANDSHAKE) {
        broken = true;
        buffer.skipBytes(buffer.readableBytes());
        receiver.tlsBegun();
        return;
      }
    }
    ByteBuf whole = head.read(buffer, ctx.alloc());
    if (whole == null) {
      if (!headBegun && head.isUnfinished()) {
        headBegun = true;
        receiver.headBegun();
      }
      return;
    }
    if (headBegun) {
      headBegun = false;
      receiver.headEnded();
    }
    Optional<HeadFault> fault = head.fault();
    if (fault.isEmpty() && takeFromMemory(whole, out)) {
      head.finish();
      return;
    }
    if (fault.isEmpty() && !RequestLine.isWellFormed(whole)) {
      fault = Optional.of(HeadFault.MALFORMED);
      buffer.skipBytes(buffer.readableBytes());
      out.add(createInvalidMessage());
    } else if (fault.isEmpty()) {
      int from = whole.readerIndex();
      super.decode(ctx, whole, out);
      if (hasSeveralLengths(whole, from, out)) {
        fault = Optional.of(HeadFault.MALFORMED);
      } else {
        remember(whole, from, out);
      }
    } else if (whole.isReadable()) {
      super.decode(ctx, whole, out);
    } else {
      out.add(createInvalidMessage());
    }
    fault.ifPresent(why -> refuse(why, out));
    head.finish();
  }

  private boolean hasSeveralLengths(ByteBuf whole, int from, List<Object> out) {
    return !out.isEmpty()
        && out.get(0) instanceof HttpMessage message
        && RepeatedLength.isIn(message, whole, from, head.length());
  }

  /** If the new head equals a head that was decoded before, reuses the earlier head. */
  private boolean takeFromMemory(ByteBuf whole, List<Object> out) {
    RememberedRequest known = remembered.find(whole, head.length());
    if (known == null) {
      return false;
    }
    whole.skipBytes(head.length());
    out.add(known);
    rest = known.length().bytes();
    if (rest == 0) {
      out.add(LastHttpContent.EMPTY_LAST_CONTENT);
    }
    return true;
  }

  private void remember(ByteBuf whole, int from, List<Object> out) {
    if (!out.isEmpty()
        && out.get(0) instanceof HttpRequest request
        && isReadable(request)
        && whole.readerIndex() == from + head.length()) {
      out.set(0, remembered.keep(whole, from, head.length(), request));
    } else {
      remembered.forget();
    }
  }

  private void passBody(ByteBuf buffer, List<Object> out) {
    if (buffer.isReadable()) {
      int length = (int) Math.min(Math.min(rest, MOST_OF_BODY), buffer.readableBytes());
      ByteBuf part = buffer.readRetainedSlice(length);
      rest -= length;
      out.add(
          rest == 0
              ? new DefaultLastHttpContent(part, EmptyHttpHeaders.INSTANCE)
              : new DefaultHttpContent(part));
    }
  }

  private void refuse(HeadFault fault, List<Object> out) {
    broken = true;
    if (out.get(0) instanceof HttpMessage message && isReadable(message)) {
      message.setDecoderResult(DecoderResult.failure(new CallRefused(meaning(fault))));
    }
  }

  /** Whether Netty's decoder could read the message. An unreadable message contains the reason. */
  private static boolean isReadable(HttpObject message) {
    return !message.decoderResult().isFailure();
  }

  private static CallError meaning(HeadFault fault) {
    return switch (fault) {
      case MALFORMED, FOLDED -> CallError.MALFORMED;
      case FIRST_LINE_TOO_LONG -> CallError.URI_TOO_LONG;
      case FIELDS_TOO_LARGE -> CallError.HEADERS_TOO_LARGE;
      case TOO_MANY_FIELDS -> CallError.TOO_MANY_HEADERS;
      case NO_ROOM -> CallError.NO_ROOM_FOR_HEAD;
    };
  }

  private void follow(Object decoded) {
    broken |= !isReadable((HttpObject) decoded);
    if (decoded instanceof HttpMessage) {
      inHead = false;
    }
    if (decoded instanceof LastHttpContent) {
      inHead = true;
      chunks.reset();
    }
  }

  /**
   * Checks the first line of a request: the request line (RFC 9112, 3). Netty's decoder treats any
   * sequence of white space as one separator. A proxy in front of the gateway might split such a
   * line at another place, and then check a target that the gateway does not use.
   */
  private static final class RequestLine {
    private static final byte[] VERSION = "HTTP/".getBytes(StandardCharsets.US_ASCII);

    /** The length of {@code HTTP/1.1} in bytes. */
    private static final int VERSION_BYTES = 8;

    private static final String NO_LETTERS = "!#$%&'*+-.^_`|~";

    private RequestLine() {}

    /**
     * Whether the request line consists of a method, one space, a target, one space, a version, and
     * CR LF.
     *
     * @param head bytes that begin with the request line
     */
    static boolean isWellFormed(ByteBuf head) {
      int from = head.readerIndex();
      int lineFeed = head.indexOf(from, head.writerIndex(), (byte) '\n');
      int end = lineFeed - 1;
      int version = end - VERSION_BYTES;
      if (version <= from || head.getByte(end) != '\r' || !isVersion(head, version)) {
        return false;
      }
      int afterMethod = head.indexOf(from, version, (byte) ' ');
      int afterTarget = version - 1;
      return afterMethod > from
          && afterTarget > afterMethod + 1
          && head.getByte(afterTarget) == ' '
          && isToken(head, from, afterMethod)
          && isVisible(head, afterMethod + 1, afterTarget);
    }

    private static boolean isVersion(ByteBuf head, int at) {
      for (int i = 0; i < VERSION.length; i++) {
        if (head.getByte(at + i) != VERSION[i]) {
          return false;
        }
      }
      return isDigit(head.getByte(at + 5))
          && head.getByte(at + 6) == '.'
          && isDigit(head.getByte(at + 7));
    }

    private static boolean isToken(ByteBuf head, int from, int to) {
      for (int i = from; i < to; i++) {
        byte b = head.getByte(i);
        boolean letter = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
        if (!letter && !isDigit(b) && NO_LETTERS.indexOf(b) < 0) {
          return false;
        }
      }
      return true;
    }

    /**
     * Whether the target consists of visible ASCII characters. Bytes above 127 are accepted here,
     * because the path is checked for them later.
     */
    private static boolean isVisible(ByteBuf head, int from, int to) {
      for (int i = from; i < to; i++) {
        int b = head.getByte(i) & 0xff;
        if (b <= ' ' || b == 0x7f) {
          return false;
        }
      }
      return true;
    }

    private static boolean isDigit(byte b) {
      return b >= '0' && b <= '9';
    }
  }
}
