package io.claviger.application.keys.port;

import io.claviger.domain.keys.NodeKeys;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Stores the nodes that use this database. Every node reports itself repeatedly. */
public interface NodeStore {
  /** The time for which a node may be silent and is still treated as live. */
  Duration BOUND = Duration.ofSeconds(20);

  /**
   * A node and the time of its last report.
   *
   * @param ago the time since the node's last report, by the database's clock
   * @param about what the node states about itself; empty for a node of a version that states
   *     nothing
   */
  record NodeStatus(UUID id, NodeKeys keys, Duration ago, Optional<About> about) {

    public boolean isLive() {
      return ago.compareTo(BOUND) <= 0;
    }
  }

  /**
   * A node's statements about itself.
   *
   * @param version the version of Claviger
   * @param revocation the longest time from a change until the node learned of it, in the last
   *     minutes; empty if this time was not measured
   */
  record About(String version, Optional<Duration> revocation) {}

  /**
   * Records that a node is live now, by the database's clock. Deletes nodes that have been silent
   * for a long time.
   */
  void heartbeat(UUID id, NodeKeys keys);

  /**
   * Records what a node states about itself. A change of that node is added to the change feed, so
   * that all nodes can measure how long they take to learn of changes. If the node is not recorded,
   * nothing happens.
   */
  void tell(UUID id, About about);

  /** Removes a node. Returns whether it was recorded. */
  boolean unregister(UUID id);

  /** Lists all nodes by name, including silent ones. */
  List<NodeStatus> all();

  /** Lists the keys of the live nodes. */
  default List<NodeKeys> live() {
    return all().stream().filter(NodeStatus::isLive).map(NodeStatus::keys).toList();
  }
}
