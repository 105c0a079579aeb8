package io.claviger.gateway.warmup;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.claviger.domain.accounts.TokenText;
import io.claviger.gateway.wire.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The connections for the calls of the warm-up. Each connection sends one call after the other.
 * Most calls request embeddings, and some request streams.
 */
final class WarmUpCallers {
  private static final int ONE_STREAM_OF = 8;
  private static final int INPUT = 950;

  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicLong answered = new AtomicLong();
  private final byte[] embeddings;
  private final byte[] stream;

  private WarmUpCallers(String host, String path, TokenText token) {
    String input = "x".repeat(INPUT);
    embeddings =
        request(
            host,
            path + "/embeddings",
            token,
            """
            {"model": "warm-up", "dimensions": 8, "input": "%s"}\
            """
                .formatted(input));
    stream =
        request(
            host,
            path + "/chat/completions",
            token,
            """
            {"model": "warm-up", "max_tokens": 100, "stream": true, \
            "messages": [{"role": "user", "content": "%s"}]}\
            """
                .formatted(input));
  }

  /**
   * @param path the path of the service at the gateway, without a final slash
   */
  static WarmUpCallers connect(
      InetSocketAddress gateway,
      EventLoopGroup loop,
      Transport transport,
      int connections,
      String path,
      TokenText token) {
    WarmUpCallers callers =
        new WarmUpCallers(gateway.getHostString() + ":" + gateway.getPort(), path, token);
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(transport.client().asSubclass(Channel.class))
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel connection) {
                    connection.pipeline().addLast(new HttpResponseDecoder(), callers.new Calling());
                  }
                });
    for (int n = 0; n < connections; n++) {
      callers.connections.add(bootstrap.connect(gateway).syncUninterruptibly().channel());
    }
    return callers;
  }

  /**
   * Sends calls for this time, and then closes the connections.
   *
   * @return how many calls were answered with status 200
   */
  long callFor(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - end < 0 && !connections.isEmpty()) {
      LockSupport.parkNanos(this, Math.max(1, end - System.nanoTime()));
    }
    over.set(true);
    connections.close().awaitUninterruptibly();
    return answered.get();
  }

  private static byte[] request(String host, String path, TokenText token, String body) {
    return """
    POST %s HTTP/1.1\r
    Host: %s\r
    Authorization: Bearer %s\r
    Content-Type: application/json\r
    Content-Length: %s\r
    \r
    %s\
    """
        .formatted(path, host, token.reveal(), body.length(), body)
        .getBytes(US_ASCII);
  }

  private final class Calling extends SimpleChannelInboundHandler<HttpObject> {
    private int calls;
    private boolean ok;

    @Override
    public void channelActive(ChannelHandlerContext context) {
      call(context);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
      if (part instanceof HttpResponse head) {
        ok = head.status().code() == 200;
      }
      if (part instanceof LastHttpContent) {
        if (ok) {
          answered.incrementAndGet();
        }
        call(context);
      }
    }

    /**
     * Closes the connection without a log entry, because the gateway may close connections with
     * running calls at the end of the warm-up.
     */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      ChannelFuture unused = context.close();
    }

    private void call(ChannelHandlerContext context) {
      if (!over.get()) {
        calls++;
        byte[] next = calls % ONE_STREAM_OF == 0 ? stream : embeddings;
        ChannelFuture unused =
            context.writeAndFlush(Unpooled.wrappedBuffer(next), context.voidPromise());
      }
    }
  }
}
