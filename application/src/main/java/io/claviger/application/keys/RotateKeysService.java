package io.claviger.application.keys;

import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.keys.port.EncryptionKeyStore.Known;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.keys.port.SealedValueStore;
import io.claviger.application.keys.port.SealedValueStore.Count;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.port.Transactions;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyObstacle;
import java.util.List;
import java.util.Optional;

final class RotateKeysService implements RotateKeys {
  private final EncryptionKeyStore keys;
  private final NodeStore nodes;
  private final SealedValueStore values;
  private final Optional<Sealer> sealer;
  private final Transactions transactions;
  private final KeyAudit trail;

  RotateKeysService(
      EncryptionKeyStore keys,
      NodeStore nodes,
      SealedValueStore values,
      Optional<Sealer> sealer,
      Transactions transactions,
      KeyAudit trail) {
    this.keys = keys;
    this.nodes = nodes;
    this.values = values;
    this.sealer = sealer;
    this.transactions = transactions;
    this.trail = trail;
  }

  @Override
  public Outcome rotate(Progress progress) {
    Sealer own = sealer.orElseThrow();
    Optional<Outcome> obstacle = transactions.inTransaction(() -> admitted(own));
    if (obstacle.isPresent()) {
      if (obstacle.get() instanceof Outcome.Refused refused) {
        trail.recordRefused(AuditAction.ENCRYPTION_KEY_UPDATE, refused.why());
      }
      return obstacle.get();
    }
    progress.begins(notUnder(own.sealingKey()));
    return new Reencryption(keys, nodes, values, own, transactions, trail, progress).run();
  }

  /** From here on every node that starts must hold the key; those that live do already. */
  private Optional<Outcome> admitted(Sealer own) {
    KeyringCheck keyring = new KeyringCheck(keys, nodes, own, trail);
    List<Known> known = keys.lockAll();
    AdmitKeyring.Outcome outcome = keyring.judge(known);
    if (!(outcome instanceof AdmitKeyring.Outcome.Admitted admitted)) {
      return Optional.of(new Outcome.NotAdmitted(outcome));
    }
    if (!admitted.lackedBy().isEmpty()) {
      return Optional.of(
          new Outcome.Refused(new KeyObstacle.LackedBy(own.sealingKey(), admitted.lackedBy()), 0));
    }
    keyring.putOnRecord(known);
    return Optional.empty();
  }

  private long notUnder(EncryptionKeyId key) {
    return values.counts().stream()
        .filter(count -> !count.under().equals(key))
        .mapToLong(Count::values)
        .sum();
  }
}
