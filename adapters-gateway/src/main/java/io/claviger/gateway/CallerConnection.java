package io.claviger.gateway;

import io.claviger.gateway.provider.SilenceWatch;
import io.claviger.gateway.request.CallerDecoder;
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
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One caller's connection. Requests on it are served one after the other. What comes before its
 * turn is not decoded, and no more is read until it is.
 */
@SuppressWarnings("FutureReturnValueIgnored") // closing can't fail in a way that matters
final class CallerConnection extends ChannelInboundHandlerAdapter
    implements CallerDecoder.Receiver {
  private static final Logger LOG = LoggerFactory.getLogger(CallerConnection.class);

  /** How long an unwanted rest of a request is read, lest a reset destroys the answer before it. */
  private static final int LINGER_SECONDS = 2;

  private final Channel channel;
  private final CallerContext context;
  private final ConnectionQuota.Place place;
  private final CallerDecoder decoder = new CallerDecoder(this);
  private final SilenceWatch patience;
  private final Deque<HttpObject> waiting = new ArrayDeque<>();

  private String address = "";
  private @Nullable IncomingCall current;
  private boolean advancing;

  /** Amid what was read at once: a body that came with its head leaves together with it. */
  private boolean reading;

  private boolean closing;
  private @Nullable Future<?> headDeadline;

  CallerConnection(Channel channel, CallerContext context, ConnectionQuota.Place place) {
    this.channel = channel;
    this.context = context;
    this.place = place;
    this.patience = new SilenceWatch(channel.eventLoop(), this::isCallersTurn, this::stalled);
  }

  /** What reads this connection; to stand before it in the pipeline. */
  CallerDecoder decoder() {
    return decoder;
  }

  Channel channel() {
    return channel;
  }

  /** Who sent a request: who connected, unless that is a proxy which is believed. */
  String addressOf(HttpRequest request) {
    Optional<CallerAddresses> callers = context.addresses();
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
  @Nullable IncomingCall current() {
    return current;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (channel.remoteAddress() instanceof InetSocketAddress from) {
      address = from.getAddress().getHostAddress();
    }
    context.events().callerConnected();
    context.connections().opened(this);
    patience.begin(context.patience().toMillis());
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
    advance();
  }

  @Override
  public boolean takesHead() {
    return current == null && waiting.isEmpty();
  }

  @Override
  public boolean takesBody() {
    return current != null && waiting.isEmpty() && current.takesBody();
  }

  @Override
  public boolean takesNothing() {
    return closing;
  }

  @Override
  public boolean hold(int bytes) {
    return place.hold(bytes);
  }

  @Override
  public void headBegun() {
    headDeadline =
        channel
            .eventLoop()
            .schedule(
                () -> channel.close(),
                context.headTime().toMillis(),
                TimeUnit.MILLISECONDS);
  }

  @Override
  public void headEnded() {
    if (headDeadline != null) {
      headDeadline.cancel(false);
      headDeadline = null;
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    flushBody();
    readIfWanted();
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
    boolean amidRead = reading;
    decoder.resume();
    reading = amidRead;
    if (!reading) {
      flushBody();
      readIfWanted();
    }
  }

  private void readIfWanted() {
    read(closing || !decoder.holdsBack());
  }

  private void flushBody() {
    if (current != null) {
      current.flushBody();
    }
  }

  private boolean step() {
    HttpObject next = waiting.peek();
    IncomingCall call = current;
    if (next == null || (call != null && !call.takesBody())) {
      return false;
    }
    waiting.remove();
    if (call != null) {
      call.body((HttpContent) next);
    } else if (next instanceof HttpRequest request) {
      IncomingCall begun = context.calls().create(this, request);
      current = begun;
      context.connections().busy(this);
      begun.start();
    } else {
      ReferenceCountUtil.release(next);
    }
    return true;
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
    boolean unused = place.hold(0);
    patience.touch();
    if (!keepAlive || context.draining().get()) {
      close();
    } else {
      context.connections().idle(this);
      advance();
    }
  }

  /** The answer was broken off; the connection is being closed. */
  void brokenOff() {
    current = null;
    discardWaiting();
  }

  /** Makes room for another connection; no call is under way. */
  void evict() {
    channel.close();
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
    context.connections().idle(this);
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
  }

  private boolean isCallersTurn() {
    IncomingCall call = current;
    return !channel.isWritable() || call == null || (call.takesBody() && waiting.isEmpty());
  }

  private void stalled() {
    if (current == null || !channel.isWritable()) {
      channel.close();
    } else {
      current.callerStalled();
      patience.begin(context.patience().toMillis());
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
    patience.close();
    headEnded();
    discardWaiting();
    IncomingCall call = current;
    current = null;
    if (call != null) {
      call.callerGone();
    }
    context.connections().closed(this);
    context.events().callerDisconnected();
  }
}
