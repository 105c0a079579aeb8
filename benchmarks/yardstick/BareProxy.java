import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * A minimal proxy with Netty. A comparison with this proxy shows which part of a call's time
 * Claviger causes. The proxy reads heads with Netty's codecs, replaces the path and the key, and
 * forwards bodies as they arrive, on one event loop. For each caller's connection, it opens a
 * connection to the provider.
 *
 * <p>Arguments: its port, the provider's port, the key.
 */
class BareProxy {
  /** Forwards what one connection gets to another one, and sends it once nothing more has come. */
  private static final class Forwarder extends ChannelInboundHandlerAdapter {
    private final Channel to;
    private final String key;

    /**
     * @param key sets this key in each request, unless it is null
     */
    Forwarder(Channel to, String key) {
      this.to = to;
      this.key = key;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (key != null && message instanceof HttpRequest request) {
        request.setUri("/v1" + request.uri());
        request.headers().set(HttpHeaderNames.AUTHORIZATION, key);
      }
      to.write(message, to.voidPromise());
      if (message instanceof LastHttpContent) {
        to.flush();
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      to.flush();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      to.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  public static void main(String[] args) throws InterruptedException {
    int provider = Integer.parseInt(args[1]);
    var loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    var server =
        new ServerBootstrap()
            .group(loop)
            .channel(EpollServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel caller) {
                    new Bootstrap()
                        .group(caller.eventLoop())
                        .channel(EpollSocketChannel.class)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .handler(
                            new ChannelInitializer<>() {
                              @Override
                              protected void initChannel(Channel upstream) {
                                upstream
                                    .pipeline()
                                    .addLast(new HttpClientCodec(), new Forwarder(caller, null));
                              }
                            })
                        .connect("127.0.0.1", provider)
                        .addListener(
                            (ChannelFutureListener)
                                connected -> {
                                  if (!connected.isSuccess()) {
                                    caller.close();
                                    return;
                                  }
                                  caller
                                      .pipeline()
                                      .addLast(
                                          new HttpServerCodec(),
                                          new Forwarder(connected.channel(), "Bearer " + args[2]));
                                  caller.config().setAutoRead(true);
                                });
                  }
                });
    server.bind("127.0.0.1", Integer.parseInt(args[0])).sync().channel().closeFuture().sync();
  }
}
