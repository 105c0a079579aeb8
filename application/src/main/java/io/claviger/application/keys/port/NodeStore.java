package io.claviger.application.keys.port;

import io.claviger.domain.keys.NodeKeys;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Stores the nodes that use this database. Every node reports itself repeatedly. */
public interface NodeStore {
  /** A node that was silent for longer than this does not count as live. */
  Duration BOUND = Duration.ofSeconds(20);

  /**
   * A node and the time of its last report.
   *
   * @param ago how long ago it reported, by the database's clock
   */
  record Seen(UUID id, NodeKeys keys, Duration ago) {
    public boolean isLive() {
      return ago.compareTo(BOUND) <= 0;
    }
  }

  /**
   * Records that a node lives, at the present time of the database's clock. Deletes nodes that have
   * been silent for long.
   */
  void heartbeat(UUID id, NodeKeys keys);

  /**
   * Removes a node.
   *
   * @return whether it was on record
   */
  boolean unregister(UUID id);

  /** Lists all nodes by name, including silent ones. */
  List<Seen> all();

  /** Lists the keys of the nodes that count as live. */
  default List<NodeKeys> live() {
    return all().stream().filter(Seen::isLive).map(Seen::keys).toList();
  }
}
