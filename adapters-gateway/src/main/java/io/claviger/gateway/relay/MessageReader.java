package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.model.BodyReaders;
import io.claviger.gateway.wire.ByteSearch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
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
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Joins the frames from one side of a conversation into messages in UTF-8. The reader itself
 * answers pings. After {@value #MOST_A_SECOND} frames in a second, further frames wait for the next
 * second. A large message counts as several frames, so it can also use up the frames that are
 * permitted in the following seconds. During a wait, nothing is read from the connection, and bytes
 * that have arrived are not decoded. Nothing is read or decoded either while another thread
 * inflates and checks a large message.
 */
@SuppressWarnings("FutureReturnValueIgnored") // after a failed write, Netty calls channelInactive
final class MessageReader extends ChannelInboundHandlerAdapter {
  static final int LONGEST = 16 << 20;
  static final int MOST_A_SECOND = 1_000;

  /**
   * The maximum number of frames that the gateway still reads after the provider has closed its
   * connection.
   */
  private static final int MOST_AT_END = 10_000;

  /**
   * The size of a block, in bytes. For each such block, a message counts as one more frame against
   * the limit.
   */
  static final int BYTES_OF_FRAME = 4 << 10;

  /** The highest code of a close frame. The decoder refuses lower codes that are undefined. */
  private static final int LARGEST_CODE = 4_999;

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /**
   * Netty's decoder. The decoder pauses when it has read as many frames as a connection may send
   * per second, and while another thread reads a large message.
   */
  private final class FrameDecoder extends WebSocket13FrameDecoder {
    private @Nullable ChannelHandlerContext context;
    private boolean decoding;
    private final boolean readsLast;
    private boolean closed;
    private int last;

    FrameDecoder(boolean ofCaller, boolean compressed) {
      super(
          WebSocketDecoderConfig.newBuilder()
              .expectMaskedFrames(ofCaller)
              .allowMaskMismatch(false)
              .allowExtensions(compressed)
              .maxFramePayloadLength(LONGEST)
              .closeOnProtocolViolation(false)
              .withUTF8Validator(false)
              .build());
      this.readsLast = !ofCaller; // the provider's last messages state the use
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
        throws Exception {
      if (ended) {
        in.skipBytes(in.readableBytes());
      } else if (mayTake() || (isAtEnd() && last++ < MOST_AT_END)) {
        super.decode(ctx, in, out);
      } else {
        holdsBack = true;
      }
    }

    private boolean isAtEnd() {
      return readsLast && closed && large == null;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
      context = ctx;
      decoding = true;
      if (!isAmid()) {
        began = nanos.getAsLong();
      }
      try {
        super.channelRead(ctx, message);
      } finally {
        decoding = false;
      }
    }

    /**
     * Decodes the bytes that arrived during a wait. After the side has closed, Netty would not
     * decode these bytes.
     */
    void resume() {
      ChannelHandlerContext ctx = context;
      if (ctx == null || decoding) {
        return;
      }
      try {
        channelRead(ctx, Unpooled.EMPTY_BUFFER);
      } catch (Exception e) {
        ctx.fireExceptionCaught(e);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
      closed = true;
      decoding = true;
      super.channelInactive(ctx);
    }

    int held() {
      return actualReadableBytes();
    }

    /** Frees the undecoded bytes. While frames are being decoded, frees the bytes afterwards. */
    void forget() {
      internalBuffer().skipBytes(actualReadableBytes());
      resume();
    }
  }

  /** Receives the messages. */
  interface Receiver {
    /**
     * @param message a whole message, which the receiver has to release
     */
    void message(WebSocketFrame message);

    /**
     * Called when the side has closed its connection.
     *
     * @param code the code in the side's close frame; 1005 if there was no close frame or no code
     */
    void closed(int code);

    /** Called after a violation of the WebSocket protocol. */
    void violated(int code);

    /** Called when the receiver has received everything that has arrived. */
    void paused();

    /**
     * Reads a large message on another thread. While the message is being read, its memory stays
     * reserved.
     *
     * @param then the continuation, which is called on the event loop, even after the end of the
     *     conversation
     */
    void read(LargeMessage message, Continuation<BodyReaders.Reading> then);

    /**
     * Called when a large message could not be read and was discarded. Further messages might
     * follow.
     */
    void unread(CallError why);
  }

  private final Receiver receiver;
  private final LongSupplier nanos;
  private final FrameDecoder decoder;
  private final boolean takesBinary;

  /** Whether large messages are checked here, and not by the receiver. */
  private final boolean checks;

  private @Nullable ChannelHandlerContext context;
  private @Nullable ByteBuf unfinished;
  private boolean isBinary;
  private boolean isCompressed;
  private boolean ended;

  /**
   * The time at which the current message began to arrive, shifted by all later times during which
   * nothing was permitted to arrive.
   */
  private long began;

  /** Whether the earlier messages have been handled, so that the next message may arrive. */
  private boolean isAwaited = true;

  /** The time at which {@link #isAwaited} last changed. */
  private long pausedAt;

  private long second;
  private int frames;

  /** Whether something has arrived that must not yet be decoded. */
  private boolean holdsBack;

  /** Whether answers to pings have been written but not flushed. */
  private boolean hasPongs;

  /** The large message that another thread is reading; null if there is none. */
  private @Nullable LargeMessage large;

  /** Whether another thread might be reading the large message. */
  private boolean isReading;

  /** The number of bytes that are reserved until another thread has read the large message. */
  private long kept;

  /**
   * Returns the reader of a caller's messages. The frames have to be masked. After the caller has
   * closed its connection, its frames that still wait for the next second are dropped.
   *
   * @param takesBinary whether to accept messages in binary frames, too
   * @param inflates whether messages may be compressed
   * @param nanos a function that returns the time like {@link System#nanoTime}
   */
  static MessageReader ofCaller(
      Receiver receiver, boolean takesBinary, boolean inflates, LongSupplier nanos) {
    return new MessageReader(receiver, true, takesBinary, inflates, nanos);
  }

  /**
   * Returns the reader of a provider's messages. The receiver has to check that large messages are
   * UTF-8.
   */
  static MessageReader ofProvider(Receiver receiver, boolean takesBinary, LongSupplier nanos) {
    return new MessageReader(receiver, false, takesBinary, false, nanos);
  }

  private MessageReader(
      Receiver receiver,
      boolean ofCaller,
      boolean takesBinary,
      boolean inflates,
      LongSupplier nanos) {
    this.receiver = receiver;
    this.nanos = nanos;
    this.began = nanos.getAsLong();
    this.pausedAt = began;
    this.second = began - SECOND;
    this.takesBinary = takesBinary;
    this.checks = ofCaller;
    this.decoder = new FrameDecoder(ofCaller, inflates);
  }

  WebSocket13FrameDecoder decoder() {
    return decoder;
  }

  /**
   * The number of bytes that incomplete messages occupy, without the message that another thread is
   * reading.
   */
  long held() {
    return decoder.held()
        + (unfinished == null ? 0 : unfinished.capacity())
        + (large == null || isReading ? 0 : large.held());
  }

  /** The memory, in bytes, of the message that another thread is reading; 0 if there is none. */
  long kept() {
    return isReading ? kept : 0;
  }

  /** Whether a message has arrived in part. */
  private boolean isAmid() {
    return unfinished != null || decoder.held() > 0;
  }

  /**
   * Sets whether to read the next message from the side. Usually, the time in which no message may
   * arrive does not count as arrival time. The time does count if the side does not read the data
   * sent to it, because the side could otherwise keep a message in memory by sending pings without
   * reading the answers.
   *
   * @param from the channel of the side
   * @param takes whether the earlier messages have been handled, so that the next message may
   *     arrive
   */
  void read(Channel from, boolean takes) {
    if (isAwaited != takes) {
      long now = nanos.getAsLong();
      if (takes) {
        began += now - Math.max(began, pausedAt);
      }
      pausedAt = now;
      isAwaited = takes;
    }
    boolean on = takes && from.isWritable();
    if (from.config().isAutoRead() != on) {
      from.config().setAutoRead(on);
    }
  }

  /**
   * Whether an incomplete message has been arriving for too long.
   *
   * @param longest the longest permitted time, in nanoseconds
   */
  boolean isLate(long longest) {
    return isAwaited && isAmid() && nanos.getAsLong() - began > longest;
  }

  /** Whether nothing may be read before {@link #nanosToWait} is over. */
  boolean isTooFast() {
    return isSecondFull() || (holdsBack && large == null);
  }

  /** Whether nothing may be read before a large message has been read. */
  boolean isBusy() {
    return large != null;
  }

  private boolean isSecondFull() {
    return frames > MOST_A_SECOND && nanosToWait() > 0;
  }

  private boolean mayTake() {
    return large == null && !isSecondFull();
  }

  /** Decodes waiting frames, up to the limit for this second. */
  void resume() {
    if (holdsBack && !ended && mayTake()) {
      holdsBack = false;
      decoder.resume();
      flushPongs();
    }
  }

  /**
   * Returns the time, in nanoseconds, for which no frames may be read. After a large message, this
   * can be several seconds.
   */
  long nanosToWait() {
    return second + Math.max(SECOND, SECOND / MOST_A_SECOND * frames) - nanos.getAsLong();
  }

  /** Ignores everything from now on. This method can be called repeatedly. */
  void end() {
    ended = true;
    decoder.forget();
    if (unfinished != null) {
      unfinished.release();
      unfinished = null;
    }
    if (large != null && !isReading) {
      forgetLarge();
    }
  }

  private void forgetLarge() {
    LargeMessage forgotten = large;
    large = null;
    isReading = false;
    if (forgotten != null) {
      forgotten.close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    context = ctx;
    if (ended || !(message instanceof WebSocketFrame frame)) {
      ReferenceCountUtil.release(message);
    } else {
      take(ctx, frame);
    }
  }

  /** Sends the answers to pings together, because each flush costs a system call. */
  private void flushPongs() {
    ChannelHandlerContext ctx = context;
    if (hasPongs && ctx != null) {
      hasPongs = false;
      ctx.flush();
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
      case PingWebSocketFrame late when !ctx.channel().isActive() -> late.release();
      case PingWebSocketFrame ping -> {
        hasPongs = true;
        ctx.write(new PongWebSocketFrame(ping.content()));
      }
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

  /**
   * Copies a part of a message, because many small parts would keep their large buffers in memory.
   */
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
    began = nanos.getAsLong();
    if (isCompressed) {
      inflate(whole);
    } else if (whole.readableBytes() <= LargeMessage.LEAST) {
      check(whole);
    } else if (checks) {
      readElsewhere(LargeMessage.of(whole, null));
    } else {
      deliver(whole);
    }
  }

  private void inflate(ByteBuf compressed) {
    Inflation inflation = new Inflation(compressed, LONGEST);
    WebSocketCloseStatus fault;
    try {
      if (!inflation.inflate(LargeMessage.LEAST + 1)) {
        readElsewhere(LargeMessage.compressed(inflation));
        return;
      }
      ByteBuf whole = inflation.result().retain();
      inflation.close();
      frames += whole.readableBytes() / BYTES_OF_FRAME;
      check(whole);
      return;
    } catch (Inflation.TooLarge e) {
      fault = WebSocketCloseStatus.MESSAGE_TOO_BIG;
    } catch (DataFormatException e) {
      fault = WebSocketCloseStatus.INVALID_PAYLOAD_DATA;
    }
    inflation.close();
    receiver.violated(fault.code());
  }

  private void readElsewhere(LargeMessage message) {
    large = message;
    goOn(message);
  }

  private void goOn(LargeMessage message) {
    message.go();
    isReading = true;
    kept = message.bytes();
    receiver.read(message, new Going(message));
  }

  /** Continues after a large message has been read, unless the conversation has ended. */
  private final class Going implements Continuation<BodyReaders.Reading> {
    private final LargeMessage message;

    Going(LargeMessage message) {
      this.message = message;
    }

    @Override
    public void done(BodyReaders.Reading read) {
      isReading = false;
      if (ended) {
        forgetLarge();
      } else if (message.fault().isPresent()) {
        forgetLarge();
        receiver.violated(message.fault().get().code());
      } else if (message.isComplete()) {
        large = null;
        ByteBuf whole = message.take();
        frames += isCompressed ? whole.readableBytes() / BYTES_OF_FRAME : 0;
        deliver(whole);
      } else {
        receiver.paused(); // the message may now need too much memory
        if (!ended) {
          goOn(message);
        }
      }
    }

    @Override
    public void refused(CallError why) {
      frames += large == message && isCompressed ? (int) message.held() / BYTES_OF_FRAME : 0;
      forgetLarge();
      if (!ended) {
        receiver.unread(why);
      }
    }

    @Override
    public void failed(Throwable why) {
      refused(CallError.INTERNAL);
    }
  }

  private void deliver(ByteBuf whole) {
    receiver.message(isBinary ? new BinaryWebSocketFrame(whole) : new TextWebSocketFrame(whole));
  }

  private void check(ByteBuf whole) {
    if (isUtf8(whole)) {
      deliver(whole);
    } else {
      whole.release();
      receiver.violated(WebSocketCloseStatus.INVALID_PAYLOAD_DATA.code());
    }
  }

  /**
   * Whether a message is UTF-8. Most messages are ASCII, so eight bytes at a time are first checked
   * for ASCII.
   */
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
    flushPongs();
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
