package io.claviger.application.keys.port;

import io.claviger.domain.keys.NodeKeys;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** The nodes on this database, as they report themselves again and again. */
public interface NodeStore {
  /** Who was silent for longer does not count as live. */
  Duration BOUND = Duration.ofSeconds(20);

  /**
   * A node as it was last heard of.
   *
   * @param ago by the database's clock
   */
  record Seen(UUID id, NodeKeys keys, Duration ago) {
    public boolean isLive() {
      return ago.compareTo(BOUND) <= 0;
    }
  }

  /** A node says that it lives, now by the database's clock. Who was silent for long is dropped. */
  void heartbeat(UUID id, NodeKeys keys);

  /**
   * @return whether it was there
   */
  boolean unregister(UUID id);

  /** By their names, also those that are silent. */
  List<Seen> all();

  /** Those that count as live. */
  default List<NodeKeys> live() {
    return all().stream().filter(Seen::isLive).map(Seen::keys).toList();
  }
}
