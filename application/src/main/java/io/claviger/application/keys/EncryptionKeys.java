package io.claviger.application.keys;

import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.keys.port.SealedValueStore;
import io.claviger.application.keys.port.SealedValueStore.Concerned;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.KeyObstacle;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an operator does to encryption keys, beside running nodes or without one. */
public interface EncryptionKeys {
  /** At most so many values that do not open are named. */
  int MOST_NAMED = 1_000;

  /**
   * @param sealer holds the operator's encryption keys; only rotation needs it
   */
  static EncryptionKeys of(
      EncryptionKeyStore keys,
      NodeStore nodes,
      SealedValueStore values,
      Optional<Sealer> sealer,
      AuditedChanges changes) {
    return new EncryptionKeyOperations(keys, nodes, values, sealer, changes);
  }

  /**
   * Says which encryption keys there are, what is sealed under each, and which node holds which.
   */
  EncryptionStatus status();

  /**
   * Reencrypts everything under the first of the encryption keys given here, while nodes serve. It
   * can be interrupted at any moment and started again, and several may run at once. Reencryption
   * is no change of a service: versions and times stay, and no call is ended.
   *
   * @throws java.util.NoSuchElementException when there is no sealer
   */
  RotationOutcome rotate(Progress progress);

  /** Retires an encryption key under which nothing is sealed: nodes then start without it. */
  RetirementOutcome retire(EncryptionKeyId id);

  /** Says what {@link #discard} would come to, and changes nothing. */
  DiscardOutcome previewDiscard(EncryptionKeyId id);

  /**
   * Gives up an encryption key that is lost: deletes what is sealed under it, since nobody can open
   * that any more, and retires the key. It can be started again where it was interrupted: what is
   * deleted stays deleted.
   */
  DiscardOutcome discard(EncryptionKeyId id);

  /** Is told how far a rotation is. */
  interface Progress {
    /** So many values are to be reencrypted. */
    void begins(long values);

    void resealed(long more);
  }

  /** How a rotation ended. */
  sealed interface RotationOutcome {
    /**
     * Nothing is sealed under another key, except for values that do not open.
     *
     * @param named of those that do not open at most {@link #MOST_NAMED}
     */
    record Done(EncryptionKeyId under, long resealed, long unopened, List<Unopened> named)
        implements RotationOutcome {
      public Done {
        named = List.copyOf(named);
      }
    }

    /** A node with these keys would not start either. */
    record NotAdmitted(KeyringAdmission.AdmissionOutcome why) implements RotationOutcome {}

    /** It can't go on as things are. */
    record Refused(KeyObstacle why, long resealed) implements RotationOutcome {}
  }

  /** A value that was left as it is because it does not open. */
  record Unopened(
      KeyBinding.Kind kind, InstanceRef service, Optional<Handle> user, EncryptionKeyId under) {}

  /** How a retirement ended. */
  sealed interface RetirementOutcome {
    record Done() implements RetirementOutcome {}

    record Refused(KeyObstacle why) implements RetirementOutcome {}

    /** So many values are still sealed under it. */
    record InUse(long values) implements RetirementOutcome {}
  }

  /** What discarding a key comes to. */
  sealed interface DiscardOutcome {
    record Concerns(Concerned concerned) implements DiscardOutcome {}

    record Refused(KeyObstacle why) implements DiscardOutcome {}

    /**
     * Other changes kept conflicting. What is deleted stays deleted, and the key is still live.
     * Discarding can be started again.
     */
    record Conflicted() implements DiscardOutcome {}
  }

  /**
   * A key on record.
   *
   * @param values how many of each kind are sealed under it
   */
  record KeyStatus(EncryptionKeyId id, boolean live, Map<KeyBinding.Kind, Long> values) {
    public KeyStatus {
      values = Map.copyOf(values);
    }
  }

  /** The keys and nodes of one moment. */
  record EncryptionStatus(List<KeyStatus> keys, List<NodeStore.Seen> nodes) {
    public EncryptionStatus {
      keys = List.copyOf(keys);
      nodes = List.copyOf(nodes);
    }
  }
}
