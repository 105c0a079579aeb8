package io.claviger.console.operations;

import java.util.List;

/** How the installation is. */
public record OperationsModel(List<Check> checks, List<Node> nodes, List<Key> keys) {
  public OperationsModel {
    checks = List.copyOf(checks);
    nodes = List.copyOf(nodes);
    keys = List.copyOf(keys);
  }

  /** A condition for serving, in words. */
  public record Check(String name, boolean ok) {}

  /**
   * A node.
   *
   * @param secondsAgo when it reported last
   * @param held the encryption keys that it holds
   */
  public record Node(String name, boolean live, long secondsAgo, String held, String sealing) {}

  /** An encryption key with the number of values that it protects. */
  public record Key(String id, boolean live, long values) {}
}
