package io.claviger.application.keys;

import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.domain.keys.EncryptionKeyId;
import java.util.List;

/**
 * Decides whether a node may start with its encryption keys. The node must hold every recorded live
 * key. Each of the node's keys must open the sentinel of the recorded key with the same id. The
 * sentinel is a known text that was sealed with the recorded key. The node's first key must not be
 * retired. If the node's first key is new, Claviger records it. An admitted node is live as long as
 * it sends heartbeats.
 */
public interface KeyringAdmission {
  /**
   * @param node the name by which operators know the node
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
   * Decides whether a node with these keys may start, without considering other nodes and without
   * recording anything. This method reads only the recorded keys, so it can be called before the
   * schema is upgraded.
   */
  static AdmissionOutcome judge(EncryptionKeyStore keys, Sealer sealer) {
    return KeyringCheck.judgeAlone(keys.all(), sealer);
  }

  /**
   * Decides about this node when it starts, and records it if it is admitted. If a rotation begins
   * at the same time, the rotation or this method detects the conflict.
   */
  AdmissionOutcome admit();

  /**
   * Decides whether a command that is not a node may seal values. Only the id of the command's key
   * is recorded.
   */
  AdmissionOutcome admitCommand();

  /**
   * Records that this node is live, and checks whether the node could still start. Since this
   * node's last report, another node might have added a key that this node lacks, or retired this
   * node's sealing key. The outcome does not contain the names of other nodes.
   */
  AdmissionOutcome heartbeat();

  /** Records what this node states about itself, as described at {@link NodeStore#tell}. */
  void tell(NodeStore.About about);

  /**
   * Returns the runs of this node that did not record that they stopped, for example because the
   * process was killed, and removes their records. A run that is still live is neither returned nor
   * removed: it might be another node, on a machine of the same name. So each killed run is known
   * only {@link NodeStore#BOUND} after its last report.
   *
   * @param named how the names of this node's runs begin
   */
  List<NodeStore.NodeStatus> takeBrokenRuns(String named);

  /** Records that this node has stopped. Returns whether the node was recorded as live. */
  boolean unregister();

  /** Returns the result of {@link #admit} without recording anything. */
  AdmissionOutcome preview();

  /**
   * Whether this node could still start with its keys. The readiness check and each task that opens
   * sealed values call this method.
   */
  boolean isStillAdmitted();

  /** The decision whether the node may start. */
  sealed interface AdmissionOutcome {
    /**
     * The node may start.
     *
     * @param lackedBy the live nodes that can't open the values sealed by this node
     */
    record Admitted(EncryptionKeyId sealing, List<String> lackedBy) implements AdmissionOutcome {
      public Admitted {
        lackedBy = List.copyOf(lackedBy);
      }
    }

    /** The node lacks some of the recorded live keys. */
    record Missing(List<EncryptionKeyId> ids) implements AdmissionOutcome {
      public Missing {
        ids = List.copyOf(ids);
      }
    }

    /**
     * The node has keys with the ids of recorded keys, but they do not open the sentinels of the
     * recorded keys.
     */
    record Wrong(List<EncryptionKeyId> ids) implements AdmissionOutcome {
      public Wrong {
        ids = List.copyOf(ids);
      }
    }

    /** The node's first key is retired, so it may not seal anything. */
    record Retired(EncryptionKeyId id) implements AdmissionOutcome {}
  }
}
