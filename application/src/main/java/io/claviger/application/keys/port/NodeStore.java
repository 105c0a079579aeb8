package io.claviger.application.keys.port;

import io.claviger.domain.keys.NodeKeys;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Stores the nodes that use this database. Every node periodically reports that it is live. */
public interface NodeStore {
  /** The time for which a node counts as live after its last report. */
  Duration BOUND = Duration.ofSeconds(20);

  /**
   * A node and the time of its last report.
   *
   * @param ago the time since the node's last report, according to the database's clock
   * @param about the node's statements about itself; empty if the node's version of Claviger makes
   *     no such statements
   */
  record NodeStatus(UUID id, NodeKeys keys, Duration ago, Optional<About> about) {

    public boolean isLive() {
      return ago.compareTo(BOUND) <= 0;
    }
  }

  /**
   * What a node states about itself.
   *
   * @param version the version of Claviger
   * @param revocation the longest time that this node took to learn of a change, within the last
   *     few minutes; empty if this time was not measured
   */
  record About(String version, Optional<Duration> revocation) {}

  /**
   * Records that a node is live now, according to the database's clock. Deletes the records of
   * nodes that have not reported for a long time.
   */
  void heartbeat(UUID id, NodeKeys keys);

  /**
   * Records what a node states about itself. Also adds a change to the change feed, so that every
   * node can measure how long it takes to learn of a change. If the node is not recorded, this
   * method does nothing.
   */
  void tell(UUID id, About about);

  /** Removes a node. Returns whether the node was recorded. */
  boolean unregister(UUID id);

  /** Removes a node unless it is live. Returns whether the node was removed. */
  boolean unregisterUnlessLive(UUID id);

  /** Lists all nodes by name, including nodes that no longer report. */
  List<NodeStatus> all();

  /** Lists the keys of the live nodes. */
  default List<NodeKeys> live() {
    return all().stream().filter(NodeStatus::isLive).map(NodeStatus::keys).toList();
  }
}
