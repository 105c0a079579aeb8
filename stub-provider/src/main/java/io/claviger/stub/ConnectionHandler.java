package io.claviger.stub;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One client connection. This handler reads requests, and answers them one after the other. The
 * handler never stops reading, so it notices immediately when the client closes the connection. If
 * the client sends further requests before it has received an answer, these requests wait here for
 * their turn.
 */
@SuppressWarnings("FutureReturnValueIgnored") // after a failed write, Netty calls channelInactive
final class ConnectionHandler extends ChannelInboundHandlerAdapter {
  /**
   * How many bytes at the start of a body are searched for the name of a behaviour that answers
   * early.
   */
  private static final int EARLY = 1 << 16;

  private final Recordings recordings;
  private final CallParser reception;
  private final Queue<HttpObject> waiting = new ArrayDeque<>();
  private @Nullable IncomingRequest incoming;
  private @Nullable StubExchange exchange;
  private Runnable endCall = () -> {};
  private boolean catchingUp;

  ConnectionHandler(Recordings recordings, CallParser reception) {
    this.recordings = recordings;
    this.reception = reception;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    HttpObject part = (HttpObject) message;
    if (exchange != null && incoming == null) {
      waiting.add(part);
    } else {
      accept(ctx, part);
    }
  }

  private void accept(ChannelHandlerContext ctx, HttpObject part) {
    if (part.decoderResult().isFailure()) {
      ReferenceCountUtil.release(part);
      sendWithoutBody(ctx, HttpResponseStatus.BAD_REQUEST).addListener(written -> ctx.close());
    } else if (part instanceof HttpRequest head && OpenAiRealtime.isHandshake(head)) {
      OpenAiRealtime.open(ctx, head, reception.accounts().ledger(), recordings.socketMessages());
    } else if (part instanceof HttpRequest head && GeminiLive.isHandshake(head)) {
      GeminiLive.open(ctx, head, reception.accounts().ledger(), recordings.socketMessages());
    } else if (part instanceof HttpRequest head && OpenAiSocket.isHandshake(head)) {
      OpenAiSocket.open(ctx, head, reception, recordings.socketMessages());
    } else if (part instanceof HttpRequest head) {
      incoming = new IncomingRequest(head);
      if (HttpUtil.is100ContinueExpected(head)) {
        sendWithoutBody(ctx, HttpResponseStatus.CONTINUE);
      }
    } else if (part instanceof HttpContent content && incoming != null) {
      receiveBody(ctx, incoming, content);
    } else {
      ReferenceCountUtil.release(part);
    }
  }

  private static ChannelFuture sendWithoutBody(
      ChannelHandlerContext ctx, HttpResponseStatus status) {
    return ctx.writeAndFlush(
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER));
  }

  private void receiveBody(
      ChannelHandlerContext ctx, IncomingRequest request, HttpContent content) {
    request.add(content.content());
    content.release();
    if (content instanceof LastHttpContent) {
      incoming = null;
      request.end();
      recordings.record(request, true);
      if (exchange == null) {
        answer(ctx, request);
      } else if (exchange.over()) {
        exchange = null;
      }
    } else if (exchange == null
        && request.keptLength() <= EARLY
        && reception.wantsEarlyAnswer(request)) {
      answer(ctx, request);
    }
  }

  private void answer(ChannelHandlerContext ctx, IncomingRequest request) {
    StubCall call = reception.begin(request);
    StubExchange next = new StubExchange(ctx, call, request.head(), () -> finishAnswer(ctx));
    exchange = next;
    AccountPace.Admission admitted = reception.admit(call);
    next.add(admitted.stated());
    endCall = admitted.ended();
    reception.behaviourFor(call, admitted).answer(next);
  }

  private void endCall() {
    Runnable once = endCall;
    endCall = () -> {};
    once.run();
  }

  private void finishAnswer(ChannelHandlerContext ctx) {
    endCall();
    if (incoming != null) {
      // The answer came early. The rest of the request has to arrive before the next request.
      return;
    }
    exchange = null;
    if (catchingUp) {
      // An earlier call of this method is still in its loop, because the answer was written
      // immediately.
      return;
    }
    catchingUp = true;
    while (exchange == null && !waiting.isEmpty()) {
      accept(ctx, waiting.remove());
    }
    catchingUp = false;
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (exchange != null) {
      exchange.writabilityChanged();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    endCall();
    if (incoming != null) {
      recordings.record(incoming, false);
    }
    boolean unanswered = exchange == null ? incoming != null : !exchange.over();
    if (unanswered) {
      recordings.countCancelled();
    }
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // The client reset the connection or refused TLS. In both cases, channelInactive counts the
    // call as cancelled.
    ctx.close();
  }
}
