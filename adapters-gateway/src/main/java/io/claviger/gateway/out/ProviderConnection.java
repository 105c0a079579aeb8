package io.claviger.gateway.out;

import io.claviger.gateway.wire.GuardedTask;
import io.claviger.gateway.wire.LoopTurn;
import io.claviger.gateway.wire.SilenceWatch;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to a provider. One call at a time uses the connection. If bytes arrive between
 * calls, the gateway closes the connection, because the next call would mistake the bytes for its
 * answer.
 */
@SuppressWarnings("FutureReturnValueIgnored") // closing can't fail in a way that matters
public final class ProviderConnection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(ProviderConnection.class);

  /**
   * The maximum number of interim answers before the final answer. Without this limit, a provider
   * could send interim answers forever.
   */
  private static final int MOST_INTERIM = 16;

  private static final int LONGEST_ENDING_MILLIS = 100;

  private final Channel channel;
  private final ProviderPool pool;
  private final ProviderAddress target;
  private final SilenceWatch watch;
  private final Runnable tellEnd = GuardedTask.of(this::tellEnd, failure -> breakOff());

  private @Nullable ProviderListener listener;
  private boolean requestComplete;
  private boolean answerComplete;

  /** Whether the answer is complete, but the listener has not been notified yet. */
  private boolean isEndPending;

  private boolean keepAlive;
  private boolean once;
  private int writesUnderWay;
  private long idleSince;
  private boolean used;
  private boolean isHead;
  private boolean reading;
  private boolean interim;
  private int interimHeads;

  /**
   * Whether the decoder might still hold a line with a secret. The decoder keeps the last lines
   * that it has read until it reads more lines. Lines between the chunks of a body could contain a
   * secret, and nothing else in the gateway checks these lines.
   */
  private boolean decoderMayHoldSecret;

  ProviderConnection(Channel channel, ProviderPool pool, ProviderAddress target) {
    this.channel = channel;
    this.pool = pool;
    this.target = target;
    this.watch =
        new SilenceWatch(
            channel.eventLoop(), this::isProvidersTurn, this::silence, failure -> breakOff());
  }

  /**
   * Does the same as {@link #begin(ProviderListener, boolean, long)}, for a method other than HEAD.
   */
  public void begin(ProviderListener caller, long timeoutMillis) {
    begin(caller, false, timeoutMillis);
  }

  /**
   * Reserves the connection for a call. {@link #release} or {@link #abort} ends the reservation.
   *
   * @param isHead whether the method is HEAD; an answer to HEAD has no body
   * @param timeoutMillis the time, in milliseconds, for which the provider may be silent
   */
  public void begin(ProviderListener caller, boolean isHead, long timeoutMillis) {
    listener = caller;
    if (isHead != this.isHead) {
      this.isHead = isHead;
      channel.pipeline().get(ProviderDecoder.class).expect(isHead);
    }
    requestComplete = false;
    answerComplete = false;
    isEndPending = false;
    keepAlive = false;
    once = false;
    interimHeads = 0;
    watch.begin(timeoutMillis);
  }

  /**
   * Whether an earlier call used the connection. The provider might have closed the connection
   * after that call.
   */
  public boolean wasUsed() {
    return used;
  }

  public boolean isWritable() {
    return channel.isWritable();
  }

  /** Records that the answer's head contains a secret. */
  public void secretInHead() {
    decoderMayHoldSecret = true;
  }

  /**
   * Called if the provider might read the end of this request as the beginning of the next request.
   * No other call will use the connection.
   */
  public void useOnce() {
    once = true;
  }

  /** Writes bytes to the connection. {@link #flush} sends the bytes. */
  public ChannelFuture write(ByteBuf bytes) {
    writesUnderWay++;
    return channel
        .write(bytes)
        .addListener(
            done -> {
              writesUnderWay--;
              watch.touch();
            });
  }

  public void flush() {
    channel.flush();
  }

  /**
   * Called after the whole request has been written. Once this method has been called, the time
   * limit for the answer applies.
   */
  public void requestComplete() {
    requestComplete = true;
    watch.touch();
  }

  /**
   * Called by the listener after an answer with status 101. Once this method has been called, the
   * connection carries WebSocket frames until it closes, and the listener learns only that the
   * connection has become writable or has closed.
   *
   * @param reader the handler that receives the frames; it must not forward any frames to later
   *     handlers
   */
  public void upgrade(ChannelHandler decoder, ChannelHandler encoder, ChannelHandler reader) {
    watch.end();
    ChannelPipeline pipeline = channel.pipeline();
    String http = pipeline.context(ProviderDecoder.class).name();
    pipeline.addAfter(http, null, reader);
    pipeline.addAfter(http, null, encoder);
    // the new decoder gets the bytes that arrived with the answer
    pipeline.replace(http, null, decoder);
  }

  public Channel channel() {
    return channel;
  }

  /**
   * Stops or resumes reading, so that the provider does not send faster than a slow caller
   * receives.
   */
  public void read(boolean on) {
    ProviderDecoder decoder = channel.pipeline().get(ProviderDecoder.class);
    if (decoder == null || decoder.isPaused() != on) {
      return;
    }
    watch.touch();
    if (!on) {
      decoder.pause();
    } else {
      decoder.resume();
    }
    // The decoder might have paused again, because the caller accepts fewer bytes than were held
    // back.
    channel.config().setAutoRead(!decoder.isPaused());
  }

  /**
   * Called at the end of the call. The connection is then closed, or is kept for another call as
   * soon as no read is pending. The connection is closed if the answer began before the whole
   * request was sent, because the provider could read the rest of that request as the beginning of
   * the next request.
   */
  public void release() {
    listener = null;
    watch.end();
    read(true);
    if (!answerComplete || !keepAlive || once) {
      close();
    } else if (!reading) {
      park();
    }
  }

  /**
   * Called at the end of a call whose answer has not ended. If the answer ends within a tenth of a
   * second, another call may use the connection. If the answer takes longer, the connection is
   * closed.
   */
  public void releaseOnceEnded() {
    AnswerDrain ending = new AnswerDrain(this);
    listener = ending;
    watch.end();
    read(true);
    channel.eventLoop().schedule(ending::giveUp, LONGEST_ENDING_MILLIS, TimeUnit.MILLISECONDS);
  }

  public void abort() {
    listener = null;
    watch.end();
    close();
  }

  /**
   * Closes the connection. No other call gets the connection, although it stays open for a while if
   * TLS still has something to send.
   */
  private void close() {
    answerComplete = false;
    channel.close();
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    pool.countOpened();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    reading = true;
    ProviderListener to = listener;
    if (to == null || answerComplete) {
      ReferenceCountUtil.release(message);
      channel.close();
      return;
    }
    tell(to, (HttpObject) message);
  }

  private void tell(ProviderListener to, HttpObject message) {
    if (message.decoderResult().isFailure()) {
      ReferenceCountUtil.release(message);
      abort();
      if (message.decoderResult().cause() instanceof PrematureChannelClosureException) {
        to.broken(); // the part that has arrived may be well-formed
      } else {
        to.malformed();
      }
      return;
    }
    if (message instanceof HttpResponse head) {
      interim = isInterim(head.status().code());
      decoderMayHoldSecret |= interim || HttpUtil.isTransferEncodingChunked(head);
      if (!interim) {
        watch.touch();
        keepAlive = HttpUtil.isKeepAlive(head) && requestComplete && writesUnderWay == 0;
        to.answered(head);
      } else if (++interimHeads > MOST_INTERIM) {
        abort();
        to.malformed();
      }
    }
    if (message instanceof HttpContent part && interim) {
      part.release();
    } else if (message instanceof HttpContent part) {
      watch.touch();
      answerComplete = message instanceof LastHttpContent;
      to.content(part.content());
      if (answerComplete) {
        isEndPending = true;
        LoopTurn.next(channel, tellEnd);
      }
    }
  }

  private void tellEnd() {
    ProviderListener to = listener;
    if (isEndPending && to != null) {
      isEndPending = false;
      to.answerEnded();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    if (listener == null && answerComplete) {
      park();
    } else if (listener != null && !isEndPending) {
      listener.paused();
    }
  }

  /**
   * Returns the connection to the pool only after a complete read: bytes behind an answer must not
   * reach the next call.
   */
  private void park() {
    answerComplete = false;
    ProviderDecoder decoder = channel.pipeline().get(ProviderDecoder.class);
    if (decoder == null || decoder.hasMore()) {
      channel.close();
    } else if (channel.isActive()) {
      if (decoderMayHoldSecret || decoder.keepsLongLine()) {
        channel.pipeline().replace(ProviderDecoder.class, null, new ProviderDecoder());
        decoderMayHoldSecret = false;
        isHead = false;
      }
      used = true;
      idleSince = System.nanoTime();
      pool.add(target, this);
    }
  }

  /**
   * Whether this is the status of an interim answer, for example 100 or 103. Status 101 is not
   * interim, because it changes the protocol.
   */
  private static boolean isInterim(int status) {
    return status >= 100 && status < 200 && status != 101;
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (listener != null && channel.isWritable()) {
      listener.writable();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException) && !(cause.getCause() instanceof IOException)) {
      LOG.error("an answer could not be handled", cause);
    }
    breakOff();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    watch.close();
    pool.countClosed();
    pool.remove(target, this);
    breakOff();
  }

  private void breakOff() {
    tellEnd();
    ProviderListener to = listener;
    abort();
    if (to != null) {
      to.broken();
    }
  }

  private void silence() {
    tellEnd();
    ProviderListener to = listener;
    abort();
    if (to != null) {
      to.silent();
    }
  }

  private boolean isProvidersTurn() {
    return channel.config().isAutoRead() && (requestComplete || writesUnderWay > 0);
  }

  boolean isUsable(PeerState peers) {
    return channel.isActive() && peers.isSilent(channel);
  }

  ProviderAddress target() {
    return target;
  }

  long idleSince() {
    return idleSince;
  }

  /**
   * Waits for the end of an answer whose whole content the caller already has. Drops everything
   * that still arrives.
   */
  private static final class AnswerDrain implements ProviderListener {
    private final ProviderConnection connection;
    private boolean over;

    AnswerDrain(ProviderConnection connection) {
      this.connection = connection;
    }

    /** Closes the connection if the answer has not ended. */
    void giveUp() {
      if (!over) {
        connection.abort();
      }
    }

    @Override
    public void answered(HttpResponse head) {}

    @Override
    public void content(ByteBuf content) {
      content.release();
    }

    @Override
    public void answerEnded() {
      over = true;
      connection.release();
    }

    @Override
    public void silent() {}

    @Override
    public void broken() {
      over = true;
    }

    @Override
    public void malformed() {
      over = true;
    }
  }
}
