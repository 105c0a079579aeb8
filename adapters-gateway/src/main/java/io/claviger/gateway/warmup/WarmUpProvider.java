package io.claviger.gateway.warmup;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.claviger.domain.definitions.Endpoint;
import io.claviger.gateway.wire.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A provider in OpenAI's format, which answers requests for embeddings immediately, and requests
 * for completions with a stream.
 */
final class WarmUpProvider {
  private static final int LARGEST_REQUEST = 64 << 10;
  private static final int EVENTS = 8;
  private static final byte[] EMBEDDINGS =
      """
      {"object": "list", "model": "warm-up", "data": [{"object": "embedding", "index": 0, \
      "embedding": [%s0.25]}], "usage": {"prompt_tokens": 250, "total_tokens": 250}}\
      """
          .formatted("0.0123, -0.0456, ".repeat(32))
          .getBytes(US_ASCII);
  private static final byte[] EVENT =
      """
      data: {"object": "chat.completion.chunk", "model": "warm-up", \
      "choices": [{"index": 0, "delta": {"content": "warm"}}]}

      """
          .getBytes(US_ASCII);
  private static final byte[] LAST_EVENTS =
      """
      data: {"object": "chat.completion.chunk", "model": "warm-up", "choices": [], \
      "usage": {"prompt_tokens": 250, "completion_tokens": 8, "total_tokens": 258}}

      data: [DONE]

      """
          .getBytes(US_ASCII);

  private final InetSocketAddress address;

  private WarmUpProvider(InetSocketAddress address) {
    this.address = address;
  }

  /** Listens on the loopback address until the event loop ends. */
  static WarmUpProvider listen(EventLoopGroup loop, Transport transport) {
    Channel channel =
        new ServerBootstrap()
            .group(loop)
            .channel(transport.server())
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel connection) {
                    connection
                        .pipeline()
                        .addLast(
                            new HttpServerCodec(),
                            new HttpObjectAggregator(LARGEST_REQUEST),
                            new Answering());
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
    return new WarmUpProvider((InetSocketAddress) channel.localAddress());
  }

  Endpoint endpoint() {
    return Endpoint.of("http://" + authority() + "/v1");
  }

  /** Returns the provider's address as {@code host:port}. */
  String authority() {
    return address.getHostString() + ":" + address.getPort();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // a connection that fails is closed
  private static final class Answering extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      if (request.uri().endsWith("completions")) {
        stream(context);
      } else {
        DefaultFullHttpResponse answer =
            new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(EMBEDDINGS));
        answer.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
        answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, EMBEDDINGS.length);
        context.writeAndFlush(answer, context.voidPromise());
      }
    }

    /**
     * Closes the connection without a log entry, because running calls are broken off at the end of
     * the warm-up.
     */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }

    private static void stream(ChannelHandlerContext context) {
      DefaultHttpResponse head =
          new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
      head.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream");
      head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
      context.write(head, context.voidPromise());
      for (int event = 0; event < EVENTS; event++) {
        context.writeAndFlush(
            new DefaultHttpContent(Unpooled.wrappedBuffer(EVENT)), context.voidPromise());
      }
      context.write(
          new DefaultHttpContent(Unpooled.wrappedBuffer(LAST_EVENTS)), context.voidPromise());
      context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT, context.voidPromise());
    }
  }
}
