package io.claviger.application.keys;

import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.keys.port.EncryptionKeyStore.Known;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyObstacle;
import io.claviger.domain.keys.KeyRegister;
import io.claviger.domain.keys.NodeKeys;
import java.util.List;
import java.util.function.Function;

/** Compares the given encryption keys with the recorded encryption keys. */
final class KeyringCheck {
  private final EncryptionKeyStore keys;
  private final NodeStore nodes;
  private final Sealer sealer;
  private final KeyAudit trail;

  KeyringCheck(EncryptionKeyStore keys, NodeStore nodes, Sealer sealer, KeyAudit trail) {
    this.keys = keys;
    this.nodes = nodes;
    this.sealer = sealer;
    this.trail = trail;
  }

  NodeKeys named(String node) {
    return new NodeKeys(node, sealer.keys(), sealer.sealingKey());
  }

  /**
   * Decides whether this node is admitted, and finds live nodes that can't open the values sealed
   * by this node.
   */
  KeyringAdmission.AdmissionOutcome judge(List<Known> known) {
    return judge(known, sealer, this::lackedBy);
  }

  /**
   * Decides whether this node is admitted, without considering other nodes. This decision is cheap,
   * so many nodes can call this method often.
   */
  KeyringAdmission.AdmissionOutcome judgeAlone(List<Known> known) {
    return judgeAlone(known, sealer);
  }

  static KeyringAdmission.AdmissionOutcome judgeAlone(List<Known> known, Sealer sealer) {
    return judge(known, sealer, register -> List.of());
  }

  private static KeyringAdmission.AdmissionOutcome judge(
      List<Known> known, Sealer sealer, Function<KeyRegister, List<String>> lackedBy) {
    KeyRegister register = EncryptionKeyStore.register(known);
    EncryptionKeyId sealing = sealer.sealingKey();
    List<EncryptionKeyId> missing = register.lackedBy(sealer.keys());
    if (!missing.isEmpty()) {
      return new KeyringAdmission.AdmissionOutcome.Missing(missing);
    }
    List<EncryptionKeyId> wrong =
        known.stream()
            .filter(Known::live)
            .filter(k -> !sealer.opensSentinel(k.sentinel()))
            .map(Known::id)
            .toList();
    if (!wrong.isEmpty()) {
      return new KeyringAdmission.AdmissionOutcome.Wrong(wrong);
    }
    return register.retired().contains(sealing)
        ? new KeyringAdmission.AdmissionOutcome.Retired(sealing)
        : new KeyringAdmission.AdmissionOutcome.Admitted(sealing, lackedBy.apply(register));
  }

  /** Returns the live nodes that can't open the values sealed by this node. */
  private List<String> lackedBy(KeyRegister register) {
    return register
        .toRotate(sealer.sealingKey(), nodes.live())
        .map(o -> o instanceof KeyObstacle.LackedBy lacked ? lacked.nodes() : List.<String>of())
        .orElse(List.of());
  }

  boolean isOnRecord(List<Known> known) {
    return known.stream().anyMatch(k -> k.id().equals(sealer.sealingKey()));
  }

  /** Records the sealing key if it is new. The caller must have locked the keys. */
  void putOnRecord(List<Known> known) {
    EncryptionKeyId sealing = sealer.sealingKey();
    if (!isOnRecord(known)) {
      keys.add(sealing, sealer.sentinel(sealing));
      trail.recordDone(AuditAction.ENCRYPTION_KEY_CREATE, sealing, List.of());
    }
  }
}
