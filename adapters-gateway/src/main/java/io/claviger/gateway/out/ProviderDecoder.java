package io.claviger.gateway.out;

import io.claviger.gateway.wire.ChunkGuard;
import io.claviger.gateway.wire.DroppedTrailers;
import io.claviger.gateway.wire.HeadReader;
import io.claviger.gateway.wire.RepeatedLength;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes answers. The heads of answers are allowed to be larger than those of requests, because
 * some providers send many headers. A head that does not exceed the limits for heads is decoded
 * when it is complete. A head with a folded line is malformed, because the gateway could not
 * recognize a key that is split across the parts of the line.
 */
final class ProviderDecoder extends HttpResponseDecoder {
  /** The maximum number of fields in a head, and also in the trailers of a body. */
  static final int MOST_FIELDS = 200;

  private static final HeadReader.Bounds BOUNDS =
      new HeadReader.Bounds(16 << 10, 64 << 10, MOST_FIELDS);

  private static final HttpDecoderConfig LIMITS =
      new HttpDecoderConfig()
          .setMaxInitialLineLength(BOUNDS.lineBytes())
          .setMaxHeaderSize(BOUNDS.fieldsBytes())
          .setMaxChunkSize(64 << 10)
          .setTrailersFactory(new DroppedTrailers(MOST_FIELDS))
          // Some servers that were written by hand end lines with a bare line feed.
          .setStrictLineParsing(false);

  /**
   * The number of bytes in a line above which the decoder is replaced before the connection becomes
   * idle. A decoder never frees its buffer, which is as long as the longest line that it has read.
   */
  private static final int LONG_LINE = 1 << 10;

  /**
   * The maximum number of parts of an answer that a paused decoder decodes after the provider has
   * closed the connection. Until the provider closes the connection, a paused decoder decodes
   * nothing.
   */
  private static final int MOST_PARTS_AT_END = 1_000;

  private final HeadReader head = new HeadReader(BOUNDS, bytes -> true);
  private final ChunkGuard chunks = new ChunkGuard();
  private @Nullable ChannelHandlerContext context;
  private boolean inHead = true;
  private boolean broken;
  private boolean active;
  private boolean paused;
  private boolean holdsBack;
  private boolean ended;
  private boolean isOfHead;
  private boolean bodyMayFollow;
  private int partsAtEnd;

  ProviderDecoder() {
    super(LIMITS);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    context = ctx;
    super.handlerAdded(ctx);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
    head.finish();
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

  /**
   * Sets whether the next answer belongs to a HEAD request. An answer to a HEAD request has no
   * body, even if its head contains a length.
   */
  void expect(boolean isOfHead) {
    this.isOfHead = isOfHead;
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage answer) {
    boolean hasNone = super.isContentAlwaysEmpty(answer);
    // an interim answer can announce a body, too
    bodyMayFollow |= hasNone && announcesBody(answer.headers());
    return isOfHead || hasNone;
  }

  private static boolean announcesBody(HttpHeaders headers) {
    String length = headers.get(HttpHeaderNames.CONTENT_LENGTH, "0");
    return headers.contains(HttpHeaderNames.TRANSFER_ENCODING) || !length.equals("0");
  }

  /**
   * Stops decoding until {@link #resume} is called, because bytes need less memory than decoded
   * objects.
   */
  void pause() {
    paused = true;
  }

  /**
   * Decodes the bytes that have arrived since the decoding was stopped. The receiver may pause the
   * decoder again before all these bytes are decoded.
   */
  void resume() {
    paused = false;
    if (!active && holdsBack && context != null) {
      try {
        channelRead(context, Unpooled.EMPTY_BUFFER);
        context.fireChannelReadComplete();
      } catch (Exception e) {
        context.fireExceptionCaught(e);
      }
    }
  }

  boolean isPaused() {
    return paused;
  }

  /**
   * Whether bytes have arrived behind the last answer. The result is also true if such bytes might
   * still arrive, because the answer announced a body although its status permits none. The decoder
   * would read these bytes as the beginning of the next answer.
   */
  boolean hasMore() {
    return bodyMayFollow || head.hasBegun() || actualReadableBytes() > 0;
  }

  /** Whether this decoder keeps more memory than an idle connection should have. */
  boolean keepsLongLine() {
    return head.longestLine() > LONG_LINE;
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    ended = true;
    super.channelInactive(ctx);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out)
      throws Exception {
    if (broken) {
      buffer.skipBytes(buffer.readableBytes());
      return;
    }
    holdsBack = paused && (!ended || ++partsAtEnd > MOST_PARTS_AT_END);
    if (holdsBack) {
      return;
    }
    if (inHead) {
      decodeHead(ctx, buffer, out);
    } else {
      chunks.watch(buffer, out, () -> super.decode(ctx, buffer, out));
    }
    for (int i = 0; i < out.size(); i++) {
      follow(out.get(i));
    }
  }

  private void decodeHead(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out)
      throws Exception {
    ByteBuf whole = head.read(buffer, ctx.alloc());
    if (whole == null) {
      return;
    }
    if (head.fault().isPresent()) {
      HttpMessage refused = createInvalidMessage();
      refused.setDecoderResult(
          DecoderResult.failure(new IllegalArgumentException(head.fault().get().toString())));
      out.add(refused);
    } else {
      int from = whole.readerIndex();
      super.decode(ctx, whole, out);
      if (!out.isEmpty()
          && out.get(0) instanceof HttpMessage answer
          && RepeatedLength.isIn(answer, whole, from, head.length())) {
        answer.setDecoderResult(
            DecoderResult.failure(
                new IllegalArgumentException("the head states the length of the body repeatedly")));
      }
    }
    head.finish();
  }

  /**
   * Whether the answer changes the protocol. Netty's decoder would forward the bytes behind such an
   * answer undecoded.
   */
  private static boolean changesProtocols(Object decoded) {
    return decoded instanceof HttpResponse head && head.status().code() == 101;
  }

  private void follow(Object decoded) {
    broken |= ((HttpObject) decoded).decoderResult().isFailure() || changesProtocols(decoded);
    if (decoded instanceof HttpMessage) {
      inHead = false;
    }
    if (decoded instanceof LastHttpContent) {
      inHead = true;
      chunks.reset();
    }
  }
}
