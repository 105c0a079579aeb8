package io.claviger.bootstrap.node;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Where this node and its database listen on this machine, as far as they do by now. No service
 * connects to there.
 */
final class OwnListeners {
  private final List<InetSocketAddress> addresses = new CopyOnWriteArrayList<>();

  void add(InetSocketAddress address) {
    addresses.add(address);
  }

  List<InetSocketAddress> all() {
    return List.copyOf(addresses);
  }
}
