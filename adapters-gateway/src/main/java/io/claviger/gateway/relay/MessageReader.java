package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Joins the frames that arrive on one side of a conversation to messages in UTF-8. It answers pings
 * itself. Frames beyond {@value #MOST_A_SECOND} in a second wait, because nothing is read until the
 * second is over, or as many seconds as large messages take. Where frames may be compressed, those
 * that have arrived already wait too, since a single read brings what takes long to inflate.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends in channelInactive
final class MessageReader extends ChannelInboundHandlerAdapter {
  static final int LONGEST = 16 << 20;
  static final int MOST_A_SECOND = 1_000;

  /** Each of these bytes of a message, as it is read, count as a frame more. */
  static final int BYTES_OF_FRAME = 4 << 10;

  /** Of a close. The decoder refuses what is not defined below. */
  private static final int LARGEST_CODE = 4_999;

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** Netty's decoder, which says how many bytes of an unfinished frame it holds. */
  private static final class FrameDecoder extends WebSocket13FrameDecoder {
    FrameDecoder(boolean masked, boolean compressed) {
      super(
          WebSocketDecoderConfig.newBuilder()
              .expectMaskedFrames(masked)
              .allowMaskMismatch(false)
              .allowExtensions(compressed)
              .maxFramePayloadLength(LONGEST)
              .closeOnProtocolViolation(false)
              .withUTF8Validator(false)
              .build());
    }

    int held() {
      return actualReadableBytes();
    }
  }

  /** Receives what arrives. */
  interface Receiver {
    /**
     * @param message a whole one, owned by the receiver from now on
     */
    void message(WebSocketFrame message);

    /**
     * The side closes the connection.
     *
     * @param code empty, as 1005, if it states none
     */
    void closed(int code);

    /** What arrived breaks the protocol. */
    void violated(int code);

    /** Everything that has arrived so far was passed on. */
    void paused();
  }

  private final Receiver receiver;
  private final LongSupplier nanos;
  private final FrameDecoder decoder;
  private final boolean takesBinary;
  private final boolean inflates;

  /** Frames that have arrived, and wait until the second is over. */
  private final Deque<WebSocketFrame> later = new ArrayDeque<>();

  private long laterBytes;
  private @Nullable ChannelHandlerContext context;
  private @Nullable ByteBuf unfinished;
  private boolean isBinary;
  private boolean isCompressed;
  private boolean ended;
  private long second;
  private int frames;

  /**
   * @param masked whether frames have to be masked, as those of clients
   * @param takesBinary whether messages may also come in binary frames
   * @param inflates whether messages may be compressed
   */
  MessageReader(Receiver receiver, boolean masked, boolean takesBinary, boolean inflates) {
    this(receiver, masked, takesBinary, inflates, System::nanoTime);
  }

  /**
   * @param nanos a clock such as {@link System#nanoTime}
   */
  MessageReader(
      Receiver receiver,
      boolean masked,
      boolean takesBinary,
      boolean inflates,
      LongSupplier nanos) {
    this.receiver = receiver;
    this.nanos = nanos;
    this.second = nanos.getAsLong() - SECOND;
    this.takesBinary = takesBinary;
    this.inflates = inflates;
    this.decoder = new FrameDecoder(masked, inflates);
  }

  WebSocket13FrameDecoder decoder() {
    return decoder;
  }

  /** The bytes of messages that are not complete. */
  long held() {
    return decoder.held()
        + (unfinished == null ? 0 : unfinished.readableBytes())
        + laterBytes
        + (long) later.size() * WaitingMessages.BYTES_OF_MESSAGE;
  }

  /** Whether nothing may be read before {@link #nanosToWait}. */
  boolean isTooFast() {
    return !later.isEmpty() || isSecondFull();
  }

  private boolean isSecondFull() {
    return frames > MOST_A_SECOND && nanosToWait() > 0;
  }

  /** Takes the frames that wait, as far as this second has room for them. */
  void resume() {
    ChannelHandlerContext ctx = context;
    while (ctx != null && !ended && !later.isEmpty() && !isSecondFull()) {
      WebSocketFrame next = later.remove();
      laterBytes -= next.content().readableBytes();
      take(ctx, next);
    }
  }

  /** Large messages may take several seconds' worth of frames. */
  long nanosToWait() {
    return second + Math.max(SECOND, SECOND / MOST_A_SECOND * frames) - nanos.getAsLong();
  }

  /** Nothing that arrives counts any more. Can be repeated. */
  void end() {
    ended = true;
    later.forEach(WebSocketFrame::release);
    later.clear();
    laterBytes = 0;
    if (unfinished != null) {
      unfinished.release();
      unfinished = null;
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (ended || !(message instanceof WebSocketFrame frame)) {
      ReferenceCountUtil.release(message);
    } else if (inflates && isTooFast()) {
      context = ctx;
      later.add(frame);
      laterBytes += frame.content().readableBytes();
    } else {
      take(ctx, frame);
    }
  }

  private void take(ChannelHandlerContext ctx, WebSocketFrame frame) {
    count(frame.content().readableBytes());
    boolean begins = frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame;
    if ((frame.rsv() & (begins ? ~MessageCompression.COMPRESSED : ~0)) != 0) {
      frame.release();
      receiver.violated(WebSocketCloseStatus.PROTOCOL_ERROR.code());
      return;
    }
    switch (frame) {
      case TextWebSocketFrame text -> begin(ctx, text, false);
      case BinaryWebSocketFrame bytes when takesBinary -> begin(ctx, bytes, true);
      case ContinuationWebSocketFrame more -> add(ctx, more, unfinished != null);
      case PingWebSocketFrame ping -> ctx.writeAndFlush(new PongWebSocketFrame(ping.content()));
      case CloseWebSocketFrame close -> {
        int code = close.statusCode() < 0 ? WebSocketCloseStatus.EMPTY.code() : close.statusCode();
        close.release();
        if (code > LARGEST_CODE) {
          receiver.violated(WebSocketCloseStatus.PROTOCOL_ERROR.code());
        } else {
          receiver.closed(code);
        }
      }
      case PongWebSocketFrame pong -> pong.release();
      default -> {
        frame.release();
        receiver.violated(WebSocketCloseStatus.INVALID_MESSAGE_TYPE.code());
      }
    }
  }

  private void count(int bytes) {
    if (nanosToWait() <= 0) {
      second = nanos.getAsLong();
      frames = 0;
    }
    frames += 1 + bytes / BYTES_OF_FRAME;
  }

  private void begin(ChannelHandlerContext ctx, WebSocketFrame frame, boolean binary) {
    boolean isExpected = unfinished == null;
    isBinary = isExpected ? binary : isBinary;
    isCompressed = isExpected ? frame.rsv() != 0 : isCompressed;
    add(ctx, frame, isExpected);
  }

  private void add(ChannelHandlerContext ctx, WebSocketFrame frame, boolean isExpected) {
    ByteBuf before = unfinished;
    int length = (before == null ? 0 : before.readableBytes()) + frame.content().readableBytes();
    if (!isExpected || length > LONGEST) {
      frame.release();
      receiver.violated(
          (isExpected ? WebSocketCloseStatus.MESSAGE_TOO_BIG : WebSocketCloseStatus.PROTOCOL_ERROR)
              .code());
    } else if (before == null && frame.isFinalFragment()) {
      complete(frame.content());
    } else {
      addTo(before == null ? ctx.alloc().buffer(length) : before, frame);
    }
  }

  /** Copies a part, because many small ones would keep the large buffers in which they arrived. */
  private void addTo(ByteBuf whole, WebSocketFrame part) {
    unfinished = whole;
    whole.writeBytes(part.content());
    part.release();
    if (part.isFinalFragment()) {
      unfinished = null;
      complete(whole);
    }
  }

  private void complete(ByteBuf whole) {
    if (isCompressed) {
      inflate(whole);
    } else {
      check(whole);
    }
  }

  private void inflate(ByteBuf compressed) {
    WebSocketCloseStatus fault;
    try {
      ByteBuf whole = MessageCompression.inflated(compressed, LONGEST);
      frames += whole.readableBytes() / BYTES_OF_FRAME;
      check(whole);
      return;
    } catch (MessageCompression.TooLarge e) {
      fault = WebSocketCloseStatus.MESSAGE_TOO_BIG;
    } catch (DataFormatException e) {
      fault = WebSocketCloseStatus.INVALID_PAYLOAD_DATA;
    } finally {
      compressed.release();
    }
    receiver.violated(fault.code());
  }

  private void check(ByteBuf whole) {
    if (isUtf8(whole)) {
      receiver.message(isBinary ? new BinaryWebSocketFrame(whole) : new TextWebSocketFrame(whole));
    } else {
      whole.release();
      receiver.violated(WebSocketCloseStatus.INVALID_PAYLOAD_DATA.code());
    }
  }

  /** Most messages are ASCII, which shows in eight bytes at a time. */
  private static boolean isUtf8(ByteBuf message) {
    int at = message.readerIndex();
    int end = message.writerIndex();
    while (at + Long.BYTES <= end && (message.getLong(at) & ByteSearch.HIGHEST_BITS) == 0) {
      at += Long.BYTES;
    }
    return ByteBufUtil.isText(message, at, end - at, UTF_8);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (!ended) {
      receiver.paused();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof CorruptedWebSocketFrameException corrupted) {
      if (!ended) {
        receiver.violated(corrupted.closeStatus().code());
      }
    } else if (cause instanceof IOException) {
      ctx.close();
    } else {
      ctx.fireExceptionCaught(cause);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    end();
    ctx.fireChannelInactive();
  }
}
