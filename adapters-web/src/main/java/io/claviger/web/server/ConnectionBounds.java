package io.claviger.web.server;

import io.claviger.domain.accounts.AddressBlock;
import io.claviger.domain.accounts.AddressNets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a new connection immediately if too many connections come from its address, or from an
 * IPv6 network of 56 or 48 bits around the address. If the server as a whole has too many
 * connections, it closes connections without a running request from the most crowded address or
 * network ({@link AddressBlock#toClose}), the oldest first. Connections of trusted proxies count
 * only towards the total, because many callers share a proxy. No connection of a trusted proxy is
 * closed to make room.
 */
final class ConnectionBounds
    implements SelectorManager.AcceptListener, Connection.Listener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionBounds.class);

  private final int most;
  private final int mostPerAddress;
  private final AddressNets exempt;
  private final ReentrantLock lock = new ReentrantLock();

  /** The open connections, in the order in which they were opened. */
  private final Map<SelectableChannel, Peer> open = new LinkedHashMap<>();

  private final Map<AddressBlock, Integer> counts = new HashMap<>();

  private boolean closed;

  ConnectionBounds(int most, int mostPerAddress, AddressNets exempt) {
    this.most = most;
    this.mostPerAddress = mostPerAddress;
    this.exempt = exempt;
  }

  /**
   * The other end of a connection.
   *
   * @param connection Jetty's connection; empty until Jetty has created it for the channel
   */
  private record Peer(List<AddressBlock> around, boolean exempt, Optional<Connection> connection) {
    /** Whether the connection may be closed, because it has no running request. */
    boolean isIdle() {
      return !exempt && connection.filter(one -> !isRunning(one)).isPresent();
    }

    /**
     * Whether a connection has a running request. With TLS, the connection inside TLS is asked.
     * Jetty's own count is not used, because it also includes answers that are still being sent.
     */
    private static boolean isRunning(Connection connection) {
      Connection http =
          connection instanceof SslConnection tls
              ? tls.getSslEndPoint().getConnection()
              : connection;
      return http instanceof BoundedConnection bounded && bounded.isRunning();
    }
  }

  /** Closes all connections that are still open, and each connection that arrives later. */
  @Override
  public void close() {
    List<SelectableChannel> left;
    lock.lock();
    try {
      closed = true;
      left = List.copyOf(open.keySet());
    } finally {
      lock.unlock();
    }
    left.forEach(ConnectionBounds::close);
  }

  /**
   * Counts a connection that has just been accepted, or closes it. Jetty does not notify its
   * listeners of connections that it accepts while it stops.
   */
  void count(SocketChannel channel) {
    InetAddress address = address(channel);
    if (address == null || !isCounted(channel, address)) {
      LOG.debug("Closed a connection: there are too many, or the server stops");
      close(channel);
    }
  }

  @Override
  public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
    forget(channel);
  }

  @Override
  public void onClosed(SelectableChannel channel) {
    forget(channel);
  }

  @Override
  public void onOpened(Connection connection) {
    if (connection.getEndPoint().getTransport() instanceof SelectableChannel channel) {
      lock.lock();
      try {
        open.computeIfPresent(
            channel,
            (key, peer) -> new Peer(peer.around(), peer.exempt(), Optional.of(connection)));
      } finally {
        lock.unlock();
      }
    }
  }

  @Override
  public void onClosed(Connection connection) {
    // The channel is forgotten when it is closed.
  }

  private boolean isCounted(SelectableChannel channel, InetAddress address) {
    Peer peer =
        new Peer(
            AddressBlock.around(address.getHostAddress()),
            exempt.contains(address),
            Optional.empty());
    List<Connection> evicted = List.of();
    lock.lock();
    try {
      if (closed || (!peer.exempt() && isCrowded(peer.around()))) {
        return false;
      }
      if (open.size() >= most) {
        evicted = takeIdle();
        if (evicted.isEmpty()) {
          return false;
        }
      }
      open.put(channel, peer);
      count(peer, 1);
    } finally {
      lock.unlock();
    }
    evicted.forEach(one -> one.getEndPoint().close());
    return true;
  }

  /**
   * Whether one of the networks has its maximum number of connections. A network of 56 bits may
   * have 1.5 times as many connections as a block of addresses, and a network of 48 bits twice as
   * many.
   */
  private boolean isCrowded(List<AddressBlock> around) {
    for (int level = 0; level < around.size(); level++) {
      if (2L * counts.getOrDefault(around.get(level), 0) >= (2L + level) * mostPerAddress) {
        return true;
      }
    }
    return false;
  }

  private List<Connection> takeIdle() {
    List<Map.Entry<SelectableChannel, Peer>> idle =
        open.entrySet().stream().filter(one -> one.getValue().isIdle()).toList();
    List<Map.Entry<SelectableChannel, Peer>> taken =
        AddressBlock.toClose(idle, one -> one.getValue().around());
    taken.forEach(one -> forget(one.getKey()));
    return taken.stream().flatMap(one -> one.getValue().connection().stream()).toList();
  }

  private void forget(SelectableChannel channel) {
    lock.lock();
    try {
      Peer peer = open.remove(channel);
      if (peer != null) {
        count(peer, -1);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Counts a connection in each of its networks. For IPv4, all networks around an address are equal
   * to the address's block, which is counted only once.
   */
  private void count(Peer peer, int more) {
    for (AddressBlock network : new LinkedHashSet<>(peer.around())) {
      counts.compute(
          network,
          (key, before) -> {
            int after = (before == null ? 0 : before) + more;
            return after == 0 ? null : after;
          });
    }
  }

  private static @Nullable InetAddress address(SocketChannel channel) {
    try {
      return channel.getRemoteAddress() instanceof InetSocketAddress address
          ? address.getAddress()
          : null;
    } catch (IOException e) {
      return null;
    }
  }

  private static void close(SelectableChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("The connection was gone already");
    }
  }
}
