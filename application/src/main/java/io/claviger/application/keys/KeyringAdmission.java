package io.claviger.application.keys;

import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.domain.keys.EncryptionKeyId;
import java.util.List;

/**
 * Decides whether a node may start with the encryption keys that it holds: every live key on record
 * must be among them and open its sentinel, and the first must not be retired. The first key is put
 * on record if it is new. An admitted node counts as live as long as it keeps sending heartbeats.
 */
public interface KeyringAdmission {
  /**
   * @param node what an operator knows this node by
   */
  static KeyringAdmission of(
      EncryptionKeyStore keys,
      NodeStore nodes,
      Sealer sealer,
      AuditedChanges changes,
      String node) {
    return new KeyringAdmissionOperations(keys, nodes, sealer, changes, node);
  }

  /**
   * Admits this node; to be called at its start. When this and a rotation happen at the same time,
   * one sees the other.
   */
  AdmissionOutcome admit();

  /** Admits a command, which seals but is no node: only its key is put on record. */
  AdmissionOutcome admitCommand();

  /**
   * Says that this node still lives, and asks whether it would still be admitted: while nothing was
   * heard of it, another one may have brought a key that this one lacks, or retired the one that it
   * seals with.
   */
  AdmissionOutcome heartbeat();

  /**
   * Says that this node ends.
   *
   * @return whether it was on record
   */
  boolean unregister();

  /** Says what {@link #admit} would return, and puts nothing on record. */
  AdmissionOutcome preview();

  /** Whether this node's keys are still those on record; for readiness. */
  boolean isStillAdmitted();

  /** Whether the node may start. */
  sealed interface AdmissionOutcome {
    /**
     * @param lackedBy live nodes that could not open what this one seals
     */
    record Admitted(EncryptionKeyId sealing, List<String> lackedBy) implements AdmissionOutcome {
      public Admitted {
        lackedBy = List.copyOf(lackedBy);
      }
    }

    /** These live keys were not given. */
    record Missing(List<EncryptionKeyId> ids) implements AdmissionOutcome {}

    /** These have the id of a key on record but do not open its sentinel. */
    record Wrong(List<EncryptionKeyId> ids) implements AdmissionOutcome {}

    /** The first key is retired: nothing new may be sealed under it. */
    record Retired(EncryptionKeyId id) implements AdmissionOutcome {}
  }
}
