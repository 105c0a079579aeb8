package io.claviger.bootstrap.node;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The addresses on which this node and its database listen. No service may connect to these
 * addresses.
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
