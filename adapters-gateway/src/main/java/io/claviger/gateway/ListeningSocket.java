package io.claviger.gateway;

import io.claviger.gateway.out.OutboundTransport;
import io.claviger.gateway.wire.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Accepts the connections of callers. The socket has its own event loop, so that new connections do
 * not wait for the work of existing connections.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing waits for scheduled tasks
final class ListeningSocket implements AutoCloseable {
  private static final int BACKLOG = 4096;

  private static final int PAUSE_MILLIS = 1;
  private static final int LONGEST_EMPTYING_MILLIS = 1_000;

  private final EventLoopGroup acceptor;
  private final Channel channel;

  /** This object is only used on the event loop that accepts connections. */
  private final Admission admission;

  private ListeningSocket(EventLoopGroup acceptor, Channel channel, Admission admission) {
    this.acceptor = acceptor;
    this.channel = channel;
    this.admission = admission;
  }

  /** Counts the new connections, and passes on those that get a permit. */
  private static final class Admission extends ChannelInboundHandlerAdapter {
    private final Predicate<Channel> takePermit;
    private long connections;

    Admission(Predicate<Channel> takePermit) {
      this.takePermit = takePermit;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object connection) {
      connections++;
      if (takePermit.test((Channel) connection)) {
        context.fireChannelRead(connection);
      }
    }
  }

  /**
   * @param host a name or an address; if it is a name, this method blocks until the name has been
   *     resolved
   * @param callers the event loops that serve the accepted connections
   * @param takePermit a function that takes a permit for a new connection, or closes the connection
   *     and returns false. The function is called on the event loop of the socket, so that a
   *     connection is counted even if its own event loop is busy
   * @param accept an action that receives every admitted connection, on the event loop of that
   *     connection
   * @throws BindException if the socket can't listen on the address
   */
  static ListeningSocket bind(
      String host,
      int port,
      Transport transport,
      EventLoopGroup callers,
      Predicate<Channel> takePermit,
      Consumer<Channel> accept)
      throws BindException {
    EventLoopGroup acceptor =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("gateway-accept"), transport.io());
    Admission admission = new Admission(takePermit);
    ChannelFuture bound =
        new ServerBootstrap()
            .group(acceptor, callers)
            .channel(transport.server())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .handler(admission)
            .childOption(ChannelOption.ALLOCATOR, OutboundTransport.BUFFERS)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel connection) {
                    accept.accept(connection);
                  }
                })
            .bind(new InetSocketAddress(host, port))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      end(acceptor);
      BindException failed = new BindException(host + ":" + port);
      failed.initCause(bound.cause());
      throw failed;
    }
    return new ListeningSocket(acceptor, bound.channel(), admission);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  /**
   * Closes the socket as soon as no connection is waiting to be accepted. If connections are still
   * waiting after a second, closes the socket anyway. The kernel then resets the waiting
   * connections, although their callers might already have sent requests. A proxy must not repeat
   * such a request, because the proxy can't know whether the gateway has read the request.
   */
  void closeWhenEmpty() {
    if (channel.isOpen()) {
      long latest = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONGEST_EMPTYING_MILLIS);
      later(-1, latest);
      channel.closeFuture().awaitUninterruptibly();
    }
  }

  /**
   * Schedules the next check for waiting connections. An event loop accepts waiting connections
   * before it runs a task that is due.
   */
  private void later(long before, long latest) {
    channel
        .eventLoop()
        .schedule(() -> closeIfEmpty(before, latest), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void closeIfEmpty(long before, long latest) {
    if (admission.connections == before || System.nanoTime() - latest > 0) {
      channel.close();
    } else {
      later(admission.connections, latest);
    }
  }

  /** Closes at once. */
  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
    end(acceptor);
  }

  private static void end(EventLoopGroup acceptor) {
    acceptor.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
