package io.claviger.application.keys;

import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.domain.keys.EncryptionKeyId;
import java.util.List;

/**
 * Decides whether a node may start with the encryption keys that it has. The node must hold every
 * live key that is recorded, and each of its keys must open the sentinel of the recorded key with
 * the same id. The node's first key must not be retired. The node's first key is recorded if it is
 * new. An admitted node is live as long as it sends heartbeats.
 */
public interface KeyringAdmission {
  /**
   * @param node the name by which operators know this node
   */
  static KeyringAdmission of(
      EncryptionKeyStore keys,
      NodeStore nodes,
      Sealer sealer,
      AuditedChanges changes,
      String node) {
    return new KeyringAdmissionUseCases(keys, nodes, sealer, changes, node);
  }

  /**
   * Admits this node; called when the node starts. If a rotation begins at the same time, either
   * the rotation or this method notices the other.
   */
  AdmissionOutcome admit();

  /** Admits a command that seals values but is not a node. Only the id of its key is recorded. */
  AdmissionOutcome admitCommand();

  /**
   * Records that this node is live, and checks whether the node would still be admitted. If this
   * node did not report for a while, another node may have added a key that this node does not
   * have, or retired the key that this node uses for sealing. The outcome does not contain the
   * names of other nodes.
   */
  AdmissionOutcome heartbeat();

  /** Records what this node states about itself, as {@link NodeStore#tell} describes. */
  void tell(NodeStore.About about);

  /** Records that this node has ended. Returns whether the node was recorded as live. */
  boolean unregister();

  /** Returns what {@link #admit} would return, and records nothing. */
  AdmissionOutcome preview();

  /** Whether this node would still be admitted with its keys. The readiness check calls this. */
  boolean isStillAdmitted();

  /** The decision whether the node may start. */
  sealed interface AdmissionOutcome {
    /**
     * The node may start.
     *
     * @param lackedBy the live nodes that could not open values that this node seals
     */
    record Admitted(EncryptionKeyId sealing, List<String> lackedBy) implements AdmissionOutcome {
      public Admitted {
        lackedBy = List.copyOf(lackedBy);
      }
    }

    /** The node lacks recorded live keys. */
    record Missing(List<EncryptionKeyId> ids) implements AdmissionOutcome {}

    /** These keys have the ids of recorded keys, but do not open the sentinels of those keys. */
    record Wrong(List<EncryptionKeyId> ids) implements AdmissionOutcome {}

    /** The node's first key is retired, so nothing may be sealed with it. */
    record Retired(EncryptionKeyId id) implements AdmissionOutcome {}
  }
}
