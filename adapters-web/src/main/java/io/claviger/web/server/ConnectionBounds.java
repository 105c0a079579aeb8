package io.claviger.web.server;

import io.claviger.domain.accounts.AddressBlock;
import io.claviger.domain.accounts.AddressNets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.SelectorManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a new connection at once if its address, or the server, already has as many as allowed.
 * Connections of trusted proxies count only towards the total, since many callers share each proxy.
 */
final class ConnectionBounds implements SelectorManager.AcceptListener {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionBounds.class);

  private final int most;
  private final int mostPerAddress;
  private final AddressNets exempt;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<SelectableChannel, AddressBlock> open = new HashMap<>();
  private final Map<AddressBlock, Integer> perAddress = new HashMap<>();

  ConnectionBounds(int most, int mostPerAddress, AddressNets exempt) {
    this.most = most;
    this.mostPerAddress = mostPerAddress;
    this.exempt = exempt;
  }

  @Override
  public void onAccepting(SelectableChannel channel) {
    InetAddress peer = peer(channel);
    if (peer == null || !counted(channel, peer)) {
      LOG.debug("Closed a connection: there are too many");
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

  private boolean counted(SelectableChannel channel, InetAddress peer) {
    AddressBlock block = AddressBlock.of(peer.getHostAddress());
    lock.lock();
    try {
      boolean crowded =
          perAddress.getOrDefault(block, 0) >= mostPerAddress && !exempt.contains(peer);
      if (open.size() >= most || crowded) {
        return false;
      }
      open.put(channel, block);
      int unused = perAddress.merge(block, 1, Integer::sum);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void forget(SelectableChannel channel) {
    lock.lock();
    try {
      AddressBlock block = open.remove(channel);
      if (block != null) {
        perAddress.computeIfPresent(block, (key, count) -> count == 1 ? null : count - 1);
      }
    } finally {
      lock.unlock();
    }
  }

  private static @Nullable InetAddress peer(SelectableChannel channel) {
    try {
      return channel instanceof SocketChannel socket
              && socket.getRemoteAddress() instanceof InetSocketAddress address
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
