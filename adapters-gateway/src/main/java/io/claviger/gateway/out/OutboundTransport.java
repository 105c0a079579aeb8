package io.claviger.gateway.out;

import io.claviger.gateway.egress.AddressPolicy;
import io.claviger.gateway.wire.Transport;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** The event loops for connections to providers, and the channel class for these event loops. */
public final class OutboundTransport implements AutoCloseable {
  public static final ByteBufAllocator BUFFERS = PooledByteBufAllocator.DEFAULT;

  private final EventLoopGroup loops;
  private final BlockingLookups lookUps = new BlockingLookups();

  /**
   * The threads for the tasks of TLS handshakes. These threads are separate from the threads for
   * name resolution, because handshakes must not wait for name servers.
   */
  private final BlockingLookups handshakes = new BlockingLookups();

  private final Connector connector;

  public OutboundTransport(
      int loops, ThreadFactory threads, Transport transport, OutboundSettings settings) {
    this.loops = new MultiThreadIoEventLoopGroup(loops, threads, transport.io());
    this.connector =
        new Connector(
            transport.client(),
            BUFFERS,
            settings.resolver(),
            policy(settings),
            settings.trust().map(ProviderTls::new).orElseGet(ProviderTls::system),
            lookUps::of,
            handshakes::of);
  }

  static AddressPolicy policy(OutboundSettings settings) {
    return new AddressPolicy(
        settings.allowedPrivateHosts(), settings.ownListeners(), OutboundTransport::isLocal);
  }

  public EventLoopGroup loops() {
    return loops;
  }

  public ProviderPool newPool(EventLoop loop) {
    return new ProviderPool(loop, connector);
  }

  private static boolean isLocal(InetAddress address) {
    try {
      return NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return true;
    }
  }

  @Override
  public void close() {
    connector.close();
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    lookUps.close();
    handshakes.close();
  }
}
