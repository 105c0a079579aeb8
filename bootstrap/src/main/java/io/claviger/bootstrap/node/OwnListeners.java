package io.claviger.bootstrap.node;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Where this node listens, as far as it does by now: nothing of it connects to there. */
final class OwnListeners {
  private final List<InetSocketAddress> addresses = new CopyOnWriteArrayList<>();

  void add(InetSocketAddress address) {
    addresses.add(address);
  }

  List<InetSocketAddress> all() {
    return List.copyOf(addresses);
  }
}
