package io.claviger.gateway;

import io.claviger.gateway.provider.ProviderPool;
import io.claviger.gateway.provider.SilenceWatch;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One caller's connection. Requests on it are served one after the other; what comes before its
 * turn waits here, and no more is read while more than a little waits. (To read on for that little
 * costs less than to stop and start for every call, and a caller who leaves is noticed meanwhile.)
 */
@SuppressWarnings("FutureReturnValueIgnored") // closing can't fail in a way that matters
final class CallerConnection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(CallerConnection.class);

  /** How long an unwanted rest of a request is read, lest a reset destroys the answer before it. */
  private static final int LINGER_SECONDS = 2;

  private static final int MOST_WAITING_BYTES = 32 << 10;
  private static final int WEIGHT_OF_HEAD = 1 << 10;

  private final Channel channel;
  private final CallEnvironment environment;
  private final ProviderPool pool;
  private final SilenceWatch patience;
  private final Deque<HttpObject> waiting = new ArrayDeque<>();

  private String address = "";
  private @Nullable Exchange current;
  private boolean advancing;

  /** Amid what was read at once: a body that came with its head leaves together with it. */
  private boolean reading;

  private boolean closing;
  private int waitingBytes;

  CallerConnection(Channel channel, CallEnvironment environment, ProviderPool pool) {
    this.channel = channel;
    this.environment = environment;
    this.pool = pool;
    this.patience = new SilenceWatch(channel.eventLoop(), this::isCallersTurn, this::stalled);
  }

  Channel channel() {
    return channel;
  }

  ProviderPool pool() {
    return pool;
  }

  /** Who sent a request: who connected, unless that is a proxy which is believed. */
  String addressOf(HttpRequest request) {
    Optional<CallerAddresses> callers = environment.settings().callers();
    return callers.isEmpty()
        ? address
        : callers
            .get()
            .of(
                address,
                request.headers().getAll("X-Forwarded-For"),
                request.headers().getAll("Forwarded"));
  }

  /** The call that is under way on it. */
  @Nullable Exchange current() {
    return current;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (channel.remoteAddress() instanceof InetSocketAddress from) {
      address = from.getAddress().getHostAddress();
    }
    environment.events().callerConnected();
    environment.underWay(channel).opened(this);
    patience.begin(environment.settings().callerPatience().toMillis());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    reading = true;
    patience.touch();
    if (closing) {
      ReferenceCountUtil.release(message);
      return;
    }
    waiting.add((HttpObject) message);
    waitingBytes += weight(message);
    advance();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    flushBody();
  }

  /** Hands on what waits, as far as it is wanted now. */
  void advance() {
    if (advancing) {
      return; // whoever is at it goes on
    }
    advancing = true;
    try {
      while (!closing && step()) {
        // Another may be wanted by now.
      }
    } finally {
      advancing = false;
    }
    if (!reading) {
      flushBody();
    }
    read(closing || waitingBytes <= MOST_WAITING_BYTES);
  }

  private void flushBody() {
    if (current != null) {
      current.flushBody();
    }
  }

  private boolean step() {
    HttpObject next = waiting.peek();
    Exchange call = current;
    if (next == null || (call != null && !call.takesBody())) {
      return false;
    }
    waiting.remove();
    waitingBytes -= weight(next);
    if (call != null) {
      call.body((HttpContent) next);
    } else if (next instanceof HttpRequest request) {
      Exchange begun = new Exchange(this, environment, request);
      current = begun;
      begun.start();
    } else {
      ReferenceCountUtil.release(next);
    }
    return true;
  }

  private static int weight(Object message) {
    return message instanceof HttpContent part ? part.content().readableBytes() : WEIGHT_OF_HEAD;
  }

  private void read(boolean on) {
    if (channel.config().isAutoRead() != on) {
      channel.config().setAutoRead(on);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    patience.touch();
    if (current != null && channel.isWritable()) {
      current.callerWritable();
    }
  }

  /** The call is over and its answer written. */
  void finished(boolean keepAlive) {
    current = null;
    patience.touch();
    if (!keepAlive || environment.draining().get()) {
      close();
    } else {
      advance();
    }
  }

  /** The answer was broken off; the connection is being closed. */
  void brokenOff() {
    current = null;
    discardWaiting();
  }

  /** Ends the connection unless a call is under way, which then is its last. */
  void drain() {
    if (current == null) {
      close();
    }
  }

  /** Closes once all is written; what the caller still sends is read and dropped for a while. */
  private void close() {
    discardWaiting();
    read(true);
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            written -> {
              if (channel instanceof DuplexChannel open && open.isActive()) {
                open.shutdownOutput();
              }
              channel.eventLoop().schedule(() -> channel.close(), LINGER_SECONDS, TimeUnit.SECONDS);
            });
  }

  private void discardWaiting() {
    closing = true;
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
    waitingBytes = 0;
  }

  private boolean isCallersTurn() {
    Exchange call = current;
    return !channel.isWritable() || call == null || (call.takesBody() && waiting.isEmpty());
  }

  private void stalled() {
    if (current == null || !channel.isWritable()) {
      channel.close();
    } else {
      current.callerStalled();
      patience.begin(environment.settings().callerPatience().toMillis());
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.error("a call failed in the gateway itself", cause);
    }
    channel.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    patience.end();
    discardWaiting();
    Exchange call = current;
    current = null;
    if (call != null) {
      call.callerGone();
    }
    environment.underWay(channel).closed(this);
    environment.events().callerDisconnected();
  }
}
