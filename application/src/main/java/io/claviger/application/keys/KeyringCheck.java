package io.claviger.application.keys;

import io.claviger.application.keys.AdmitKeyring.Outcome;
import io.claviger.application.keys.out.EncryptionKeys;
import io.claviger.application.keys.out.EncryptionKeys.Known;
import io.claviger.application.keys.out.Nodes;
import io.claviger.application.keys.out.Sealer;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyObstacle;
import io.claviger.domain.keys.KeyRegister;
import io.claviger.domain.keys.NodeKeys;
import java.util.List;

/** Holds the encryption keys given here against those on record. */
final class KeyringCheck {
  private final EncryptionKeys keys;
  private final Nodes nodes;
  private final Sealer sealer;
  private final KeyTrail trail;

  KeyringCheck(EncryptionKeys keys, Nodes nodes, Sealer sealer, KeyTrail trail) {
    this.keys = keys;
    this.nodes = nodes;
    this.sealer = sealer;
    this.trail = trail;
  }

  NodeKeys named(String node) {
    return new NodeKeys(node, sealer.keys(), sealer.sealingKey());
  }

  Outcome judged(List<Known> known) {
    KeyRegister register = EncryptionKeys.register(known);
    EncryptionKeyId sealing = sealer.sealingKey();
    List<EncryptionKeyId> missing = register.lackedBy(sealer.keys());
    if (!missing.isEmpty()) {
      return new Outcome.Missing(missing);
    }
    List<EncryptionKeyId> wrong =
        known.stream()
            .filter(Known::live)
            .filter(k -> !sealer.opensSentinel(k.sentinel()))
            .map(Known::id)
            .toList();
    if (!wrong.isEmpty()) {
      return new Outcome.Wrong(wrong);
    }
    return register.retired().contains(sealing)
        ? new Outcome.Retired(sealing)
        : new Outcome.Admitted(sealing, lackedBy(register));
  }

  /** The live nodes that could not open what is sealed here. */
  private List<String> lackedBy(KeyRegister register) {
    return register
        .toRotate(sealer.sealingKey(), nodes.live())
        .map(o -> o instanceof KeyObstacle.LackedBy lacked ? lacked.nodes() : List.<String>of())
        .orElse(List.of());
  }

  /** Whether the key that seals is. */
  boolean isOnRecord(List<Known> known) {
    return known.stream().anyMatch(k -> k.id().equals(sealer.sealingKey()));
  }

  /** Puts the key that seals on record, where it is new. The keys are locked. */
  void putOnRecord(List<Known> known) {
    EncryptionKeyId sealing = sealer.sealingKey();
    if (!isOnRecord(known)) {
      keys.add(sealing, sealer.sentinel(sealing));
      trail.done(AuditAction.ENCRYPTION_KEY_CREATE, sealing, List.of());
    }
  }
}
