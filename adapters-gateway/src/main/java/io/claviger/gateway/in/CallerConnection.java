package io.claviger.gateway.in;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.domain.accounts.AddressBlock;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.CertificateThumbprint;
import io.claviger.gateway.wire.LoopTurn;
import io.claviger.gateway.wire.SilenceWatch;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection of one caller. The requests on the connection are served one after the other.
 * While a request is being served, bytes of the next request are not decoded, and no more bytes are
 * read from the connection.
 */
@SuppressWarnings("FutureReturnValueIgnored") // closing can't fail in a way that matters
public final class CallerConnection extends ChannelInboundHandlerAdapter
    implements CallerDecoder.Receiver {
  private static final Logger LOG = LoggerFactory.getLogger(CallerConnection.class);

  /**
   * The time for which the gateway, after it has answered a request, continues to read the rest of
   * the request. If the gateway closed the connection immediately, the connection would be reset,
   * and the answer would be lost.
   */
  private static final int LINGER_SECONDS = 2;

  /**
   * The time for which an idle connection still accepts a call after the gateway has begun to
   * drain.
   */
  private static final int LAST_CALL_MILLIS = 1_000;

  private final Channel channel;
  private final CallerContext context;
  private final ConnectionQuota.ConnectionPermit permit;
  private final CallerDecoder decoder = new CallerDecoder(this);
  private final SilenceWatch silence;
  private final Deque<HttpObject> waiting = new ArrayDeque<>();
  private final Runnable pass = this::passWaiting;

  private String address = "";
  private CallerOrigin peer = new CallerOrigin("");
  private @Nullable String demandedHeader;
  private byte[] demanded = {};
  private @Nullable IncomingCall current;
  private boolean advancing;

  /** Whether a task is scheduled that passes the waiting parts of the request to the call. */
  private boolean passesSoon;

  /** Whether the connection's first request has arrived. */
  private boolean begun;

  private boolean closing;
  private @Nullable Future<?> headDeadline;
  private @Nullable Future<?> lingerDeadline;

  public CallerConnection(
      Channel channel, CallerContext context, ConnectionQuota.ConnectionPermit permit) {
    this.channel = channel;
    this.context = context;
    this.permit = permit;
    this.silence =
        new SilenceWatch(
            channel.eventLoop(), this::isCallersTurn, this::stalled, failure -> channel.close());
  }

  /**
   * The networks of the connection's address; empty if the connection comes from a trusted proxy.
   */
  Optional<List<AddressBlock>> networks() {
    return permit.networks();
  }

  /** Makes the connection serve only requests that contain this secret in this header. */
  public void demand(String header, String secret) {
    demandedHeader = header;
    demanded = secret.getBytes(US_ASCII);
  }

  /**
   * Whether a request contains the secret that this connection demands; always true if it demands
   * no secret.
   */
  public boolean admits(HttpRequest request) {
    if (demandedHeader == null) {
      return true;
    }
    String sent = request.headers().get(demandedHeader);
    return sent != null && MessageDigest.isEqual(demanded, sent.getBytes(UTF_8));
  }

  /**
   * Adds the connection to a pipeline, which may already contain the handler of TLS, but no other
   * handlers.
   */
  public void addTo(ChannelPipeline pipeline) {
    // The records of TLS are decrypted one by one, so larger reads would only be copied more often.
    boolean isEncrypted = pipeline.get(SslHandler.class) != null;
    channel
        .config()
        .setRecvByteBufAllocator(
            new CallerReads(
                isEncrypted ? () -> 0 : this::accepted, () -> context.largeReads().take(channel)));
    pipeline.addFirst(LoopTurn.flushingAtEnd()).addLast(decoder).addLast(this);
  }

  public Channel channel() {
    return channel;
  }

  /**
   * Returns the origin of a request: the peer, or the origin in the headers of the peer if the peer
   * is a trusted proxy. The result is null if the headers name a certificate, but not in the form
   * that a trusted proxy uses.
   */
  public @Nullable CallerOrigin originOf(HttpRequest request) {
    Optional<RequestOrigins> origins = context.origins();
    return origins.isEmpty()
        ? peer
        : origins.get().of(peer, request.headers()::getAll).orElse(null);
  }

  /**
   * Whether the node has no room for a new call of this caller.
   *
   * @see OpenConnections#isCrowded
   */
  public boolean isCrowded(UUID caller) {
    return context.connections().isCrowded(caller);
  }

  /** The address of the other end of the connection. */
  public CallerOrigin peer() {
    return peer;
  }

  /** The call that is being served; null while no call is being served. */
  @Nullable IncomingCall current() {
    return current;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (channel.remoteAddress() instanceof InetSocketAddress from) {
      address = from.getAddress().getHostAddress();
      peer = new CallerOrigin(address);
    }
    context.events().callerConnected();
    context.connections().opened(this);
    silence.begin(context.patience().toMillis());
  }

  /**
   * Records the certificate of the caller. TLS has verified that the caller has the private key of
   * this certificate.
   */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent over && over.isSuccess()) {
      SSLSession session = ctx.pipeline().get(SslHandler.class).engine().getSession();
      try {
        byte[] shown = session.getPeerCertificates()[0].getEncoded();
        peer = new CallerOrigin(address, Optional.of(CertificateThumbprint.of(shown)));
      } catch (SSLPeerUnverifiedException e) {
        peer = new CallerOrigin(address); // the caller has presented no certificate
      } catch (CertificateEncodingException e) {
        channel.close();
      }
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    silence.touch();
    if (closing) {
      ReferenceCountUtil.release(message);
      return;
    }
    waiting.add((HttpObject) message);
    if (!passesSoon) {
      passesSoon = true;
      LoopTurn.next(channel, pass);
    }
  }

  private void passWaiting() {
    passesSoon = false;
    try {
      if (!waiting.isEmpty()) {
        advance();
      }
    } catch (Throwable e) {
      failed(e);
    }
  }

  @Override
  public boolean takesHead() {
    return current == null && waiting.isEmpty();
  }

  @Override
  public boolean takesBody() {
    return current != null && waiting.isEmpty() && current.takesBody();
  }

  private long accepted() {
    return current != null && waiting.isEmpty() ? current.accepted() : 0;
  }

  @Override
  public boolean takesNothing() {
    return closing;
  }

  @Override
  public boolean hold(int bytes) {
    return permit.hold(bytes);
  }

  @Override
  public void headBegun() {
    headDeadline = closeAfter(context.headTime().toMillis());
  }

  @Override
  public void headEnded() {
    if (headDeadline != null) {
      headDeadline.cancel(false);
      headDeadline = null;
    }
  }

  @Override
  public void tlsBegun() {
    if (context.warnings().allows()) {
      LOG.warn(
          "A caller at {} began TLS on the gateway's port, which speaks plain HTTP, and was"
              + " disconnected: its URL has to begin with http://, or a proxy has to end TLS.",
          address);
    }
    channel.close();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    readUnlessPassing();
  }

  /** Passes waiting decoded parts to the call, as long as the call accepts them. */
  public void advance() {
    if (advancing) {
      return; // the loop below is running already
    }
    advancing = true;
    try {
      while (!closing && step()) {
        // The body of the loop is empty: step() does the work.
      }
    } finally {
      advancing = false;
    }
    decoder.resume();
    if (current != null) {
      current.flushBody();
    }
    if (current != null && current.takesBody()) {
      silence.touch(); // The call may have waited until now, so the caller could not send.
    }
    readUnlessPassing();
  }

  /**
   * Called by the current call after it has answered with status 101. Once this method has been
   * called, the connection carries WebSocket frames until it closes, and the call decides when to
   * read them.
   *
   * @param reader the handler that receives the frames; it must not forward any frames to later
   *     handlers
   */
  public void upgrade(ChannelHandler frames, ChannelHandler encoder, ChannelHandler reader) {
    // the request has no body, so the only part that can be waiting is the end of the request
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
    ChannelPipeline pipeline = channel.pipeline();
    String http = pipeline.context(CallerDecoder.class).name();
    pipeline.addAfter(http, null, reader);
    pipeline.addAfter(http, null, encoder);
    // the new decoder gets the bytes that arrived with the request
    pipeline.replace(http, null, frames);
  }

  private void readUnlessPassing() {
    if (!passesSoon) {
      read(closing || !decoder.holdsBack());
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
    } else if (next instanceof HttpRequest request && !begun && Http2Preface.isIn(request)) {
      channel.write(Http2Preface.refusal());
      close();
    } else if (next instanceof HttpRequest request) {
      begun = true;
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
    silence.touch();
    if (current != null && channel.isWritable()) {
      current.callerWritable();
    }
  }

  /** Called when the call is over and its answer has been written to the connection. */
  public void finished(boolean keepAlive) {
    current = null;
    boolean unused = permit.hold(0);
    silence.touch();
    if (closing || !keepAlive) {
      close();
    } else {
      context.connections().idle(this);
      if (context.draining().get()) {
        drain();
      }
      advance();
    }
  }

  /**
   * Called when the answer was broken off before its end. At that time, the connection is already
   * being closed.
   */
  public void brokenOff() {
    current = null;
    discardWaiting();
  }

  /**
   * Keeps counting a call against its caller's limit on connections after the connection of the
   * call has closed.
   *
   * @param always whether to count the call even if its address has reached the limit for one
   *     address again. The address can reach the limit again if a new connection from the address
   *     has come since. If {@code always} is true, only the limit on all connections together
   *     applies
   * @return the permit, which the receiver has to return; empty if there are too many connections
   */
  public Optional<ConnectionQuota.ConnectionPermit> staysCounted(boolean always) {
    return permit.another(always);
  }

  /** Closes this connection, which must be idle, to make room for another connection. */
  public void evict() {
    channel.close();
  }

  /**
   * Ends the connection, but not before the current call has ended. A call that is still waiting
   * for its turn ends immediately. A connection without a call serves one more call if the call
   * arrives soon: the caller might have sent the call already, and a proxy must not repeat the call
   * elsewhere.
   */
  public void drain() {
    if (current != null) {
      current.gatewayLeaves();
    } else {
      channel.eventLoop().schedule(this::closeIfIdle, LAST_CALL_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /**
   * Ends the connection, because the gateway stops. If a call is being served, its caller learns
   * that the gateway breaks off the call.
   */
  public void stop() {
    IncomingCall call = current;
    if (call != null) {
      call.gatewayStops();
    }
    if (call == null || current != null) {
      channel.close();
    } else if (!closing) {
      close();
    }
  }

  private void closeIfIdle() {
    if (current == null) {
      close();
    }
  }

  /**
   * Waits until everything has been written to the connection. After that wait, reads and discards
   * for a short time what the caller still sends, and closes the connection.
   */
  private void close() {
    discardWaiting();
    if (!channel.isActive()) {
      // the connection is closed already: if it were added to the idle connections now, nothing
      // would remove it again
      return;
    }
    context.connections().idle(this);
    read(true);
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> linger());
  }

  private void linger() {
    if (!channel.isActive() || lingerDeadline != null) {
      return;
    }
    lingerDeadline = closeAfter(TimeUnit.SECONDS.toMillis(LINGER_SECONDS));
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      shutdownOutput();
    } else {
      tls.closeOutbound().addListener(notified -> shutdownOutput()); // TLS announces the end first
    }
  }

  private void shutdownOutput() {
    if (channel instanceof DuplexChannel open) {
      open.shutdownOutput();
    }
  }

  private Future<?> closeAfter(long millis) {
    return channel.eventLoop().schedule(() -> channel.close(), millis, TimeUnit.MILLISECONDS);
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
      silence.begin(context.patience().toMillis());
    }
  }

  /**
   * Netty decodes TLS, and its exceptions have the real failure as their cause. The message of a
   * {@link NotSslRecordException} contains bytes from the caller, and is never logged.
   */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable thrown) {
    failed(thrown);
  }

  private void failed(Throwable thrown) {
    Throwable inner = thrown.getCause();
    Throwable cause =
        thrown instanceof DecoderException && inner instanceof SSLException ? inner : thrown;
    if (cause instanceof NotSslRecordException && context.warnings().allows()) {
      LOG.warn(
          "A caller at {} began plain HTTP on the gateway's port, which speaks TLS, and was"
              + " disconnected: its URL has to begin with https://.",
          address);
    }
    IncomingCall call = current;
    if (cause instanceof IOException || call == null || closing) {
      if (!(cause instanceof IOException)) {
        LOG.error("a connection of a caller failed in the gateway itself", cause);
      }
      channel.close();
      return;
    }
    discardWaiting(); // this connection reads nothing more
    call.broken(cause);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    silence.close();
    headEnded();
    if (lingerDeadline != null) {
      lingerDeadline.cancel(false);
    }
    discardWaiting();
    IncomingCall call = current;
    current = null;
    try {
      if (call != null) {
        call.callerGone();
      }
    } finally { // also if the call could not be ended properly
      context.connections().closed(this);
      context.events().callerDisconnected();
    }
  }
}
