package io.claviger.application.operations;

import io.claviger.application.health.Readiness;
import io.claviger.application.keys.EncryptionKeys;
import io.claviger.application.operations.port.Doctor;
import io.claviger.application.operations.port.Doctor.Finding;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.keys.EncryptionKeyId;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Shows administrators the state of the installation. No method changes anything. */
public interface Operations {
  /**
   * @param doctor the doctor, which examines the installation; the findings are cached for 30
   *     seconds
   */
  static Operations of(
      EncryptionKeys keys, Readiness readiness, Doctor doctor, LongSupplier nanos) {
    return new OperationsReader(keys, readiness, new CachedFindings(doctor, nanos));
  }

  /**
   * Returns the present state. Only administrators see the state. Anybody else, and any token of
   * scope {@code use}, is refused with {@code forbidden}.
   */
  Outcome<Status> status(Actor actor);

  /**
   * The state of the installation.
   *
   * @param checks the results of the checks that show whether the answering node can serve
   * @param findings the findings of an examination of the answering node, at most 30 seconds old
   * @param nodes the nodes that use the database, ordered by name, including nodes that have
   *     recently stopped reporting
   * @param keys all encryption keys that the database records
   */
  record Status(
      List<Readiness.ReadinessCheck> checks,
      List<Finding> findings,
      List<Node> nodes,
      List<Key> keys) {
    public Status {
      checks = List.copyOf(checks);
      findings = List.copyOf(findings);
      nodes = List.copyOf(nodes);
      keys = List.copyOf(keys);
    }

    /**
     * Returns the longest time that a live node took to learn of a change, within the last few
     * minutes; empty if no node measured the time.
     */
    public Optional<Duration> revocation() {
      return nodes.stream()
          .filter(Node::live)
          .flatMap(node -> node.revocation().stream())
          .max(Comparator.naturalOrder());
    }
  }

  /**
   * A node.
   *
   * @param live whether the node's last report is recent enough for the node to count as running
   * @param version the node's version of Claviger; empty if the node does not report its version
   * @param ago the time since the node's last report
   * @param held the ids of the node's encryption keys
   * @param sealing the id of the encryption key with which the node seals values
   * @param revocation the longest time that the node took to learn of a change, within the last few
   *     minutes
   */
  record Node(
      String name,
      Optional<String> version,
      boolean live,
      Duration ago,
      List<EncryptionKeyId> held,
      EncryptionKeyId sealing,
      Optional<Duration> revocation) {
    public Node {
      held = List.copyOf(held);
    }
  }

  /**
   * An encryption key.
   *
   * @param live whether the key is neither retired nor discarded
   * @param values the number of values encrypted with the key
   */
  record Key(EncryptionKeyId id, boolean live, long values) {}
}
