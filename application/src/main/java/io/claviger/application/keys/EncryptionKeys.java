package io.claviger.application.keys;

import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.keys.port.SealedValueStore;
import io.claviger.application.keys.port.SealedValueStore.Concerned;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.KeyObstacle;
import io.claviger.domain.sharing.GranteeName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The administration of encryption keys by an operator. All methods work whether or not nodes are
 * running.
 */
public interface EncryptionKeys {
  /** The maximum number of values that a rotation lists because it could not open them. */
  int MOST_NAMED = 1_000;

  /**
   * @param sealer the sealer with the operator's encryption keys; empty if no rotation will be
   *     requested
   */
  static EncryptionKeys of(
      EncryptionKeyStore keys,
      NodeStore nodes,
      SealedValueStore values,
      Optional<Sealer> sealer,
      AuditedChanges changes) {
    return new EncryptionKeyUseCases(keys, nodes, values, sealer, changes);
  }

  /**
   * Returns the encryption keys, the number of values sealed with each key, and the keys of each
   * node.
   */
  EncryptionStatus status();

  /**
   * Reencrypts all values with the first of the given encryption keys, while nodes are running. A
   * rotation can be interrupted at any moment and started again. Several rotations can run at the
   * same time. Reencryption does not count as a change of services: the versions and times of
   * services stay the same, and no call is ended.
   *
   * @throws java.util.NoSuchElementException if there is no sealer
   */
  RotationOutcome rotate(Progress progress);

  /**
   * Retires an encryption key that no stored value needs any more. Nodes can start without a
   * retired key.
   */
  RetirementOutcome retire(EncryptionKeyId id);

  /** Returns the outcome that {@link #discard} would have, without changing anything. */
  DiscardOutcome previewDiscard(EncryptionKeyId id);

  /**
   * Gives up a lost encryption key. Deletes the values that are sealed with the key, because nobody
   * can open them any more, and retires the key. An interrupted operation can be started again, but
   * deleted values stay deleted.
   */
  DiscardOutcome discard(EncryptionKeyId id);

  /** Receives the progress of a rotation. */
  interface Progress {
    Progress IGNORED =
        new Progress() {
          @Override
          public void begin(long values) {}

          @Override
          public void advance(long more) {}
        };

    /** Called at the beginning, with the number of values that need reencryption. */
    void begin(long values);

    /** Called after each batch, with the number of values reencrypted in this batch. */
    void advance(long more);
  }

  /** The result of a rotation of encryption keys. */
  sealed interface RotationOutcome {
    /**
     * All values are now sealed with the key {@code under}, except the values that could not be
     * opened.
     *
     * @param named the values that could not be opened, at most {@link #MOST_NAMED} of them
     */
    record Done(EncryptionKeyId under, long resealed, long unopened, List<Unopened> named)
        implements RotationOutcome {
      public Done {
        named = List.copyOf(named);
      }
    }

    /**
     * The rotation has not begun, because a node with the given keys would not be allowed to start.
     */
    record NotAdmitted(KeyringAdmission.AdmissionOutcome why) implements RotationOutcome {}

    /** The rotation was refused and can't continue. */
    record Refused(KeyObstacle why, long resealed) implements RotationOutcome {}
  }

  /**
   * A value that the rotation left unchanged because it could not be opened.
   *
   * @param service the service to which the value belongs; empty if the value is a refresh token, a
   *     webhook secret, or a key of the issuer or of the audit trail
   * @param user the user or group to whom the value belongs; only a webhook secret can belong to a
   *     group
   */
  record Unopened(
      KeyBinding.Kind kind,
      Optional<Instance.Ref> service,
      Optional<GranteeName> user,
      EncryptionKeyId under) {

    /** Creates a value that belongs to a service. */
    public Unopened(
        KeyBinding.Kind kind,
        Instance.Ref service,
        Optional<GranteeName> user,
        EncryptionKeyId under) {
      this(kind, Optional.of(service), user, under);
    }
  }

  /** The result of retiring an encryption key. */
  sealed interface RetirementOutcome {
    record Done() implements RetirementOutcome {}

    record Refused(KeyObstacle why) implements RetirementOutcome {}

    /**
     * The key was not retired, because values are still sealed with it.
     *
     * @param values the number of values that are still sealed with the key that was to be retired
     */
    record InUse(long values) implements RetirementOutcome {}
  }

  /** The effects of discarding a key, or the reason why the key was not discarded. */
  sealed interface DiscardOutcome {
    record Concerns(Concerned concerned) implements DiscardOutcome {}

    record Refused(KeyObstacle why) implements DiscardOutcome {}

    /**
     * The key was not discarded, because each attempt conflicted with other changes. Deleted values
     * stay deleted, but the key is still live. The command can be run again.
     */
    record Conflicted() implements DiscardOutcome {}
  }

  /**
   * A recorded key.
   *
   * @param values the number of values of each kind that are sealed with the key
   */
  record KeyStatus(EncryptionKeyId id, boolean live, Map<KeyBinding.Kind, Long> values) {
    public KeyStatus {
      values = Map.copyOf(values);
    }
  }

  /** The state of the keys and the nodes at a certain time. */
  record EncryptionStatus(List<KeyStatus> keys, List<NodeStore.NodeStatus> nodes) {
    public EncryptionStatus {
      keys = List.copyOf(keys);
      nodes = List.copyOf(nodes);
    }
  }
}
