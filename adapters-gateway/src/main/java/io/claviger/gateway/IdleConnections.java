package io.claviger.gateway;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The connections of one event loop on which no call is under way, the one that has been idle for
 * longest first. Confined to the loop.
 */
final class IdleConnections {
  private final Set<CallerConnection> connections = new LinkedHashSet<>();

  void add(CallerConnection connection) {
    connections.add(connection);
  }

  void remove(CallerConnection connection) {
    connections.remove(connection);
  }

  /** The one that has been idle for longest, which is idle for these no more. */
  Optional<CallerConnection> takeLongest() {
    Optional<CallerConnection> longest = connections.stream().findFirst();
    longest.ifPresent(connections::remove);
    return longest;
  }
}
