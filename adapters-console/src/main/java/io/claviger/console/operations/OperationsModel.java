package io.claviger.console.operations;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the installation is.
 *
 * @param versionsDiffer whether live nodes run different versions
 * @param revocation the longest time until a node learned of a change; null if none measured it
 */
public record OperationsModel(
    List<Check> checks,
    List<Finding> findings,
    List<Node> nodes,
    List<Key> keys,
    boolean versionsDiffer,
    @Nullable String revocation) {
  public OperationsModel {
    checks = List.copyOf(checks);
    findings = List.copyOf(findings);
    nodes = List.copyOf(nodes);
    keys = List.copyOf(keys);
  }

  /** A condition for serving, in words. */
  public record Check(String name, boolean ok) {}

  /**
   * What an examination found.
   *
   * @param tone the class of the style sheet that colours the label
   */
  public record Finding(String name, String label, String tone, String what) {}

  /**
   * A node.
   *
   * @param version empty if it does not say which one
   * @param revocation the longest time until it learned of a change; empty if it measured none
   * @param secondsAgo when it reported last
   * @param held the encryption keys that the node holds
   */
  public record Node(
      String name,
      String version,
      boolean live,
      long secondsAgo,
      String revocation,
      String held,
      String sealing) {}

  /** An encryption key with the number of values that it protects. */
  public record Key(String id, boolean live, long values) {}
}
