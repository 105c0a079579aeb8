package io.claviger.application.keys;

import io.claviger.application.keys.out.EncryptionKeys;
import io.claviger.application.keys.out.EncryptionKeys.Known;
import io.claviger.application.keys.out.Nodes;
import io.claviger.application.keys.out.SealedValues;
import io.claviger.application.keys.out.SealedValues.Count;
import io.claviger.application.keys.out.Sealer;
import io.claviger.application.shared.out.Transactions;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyObstacle;
import java.util.List;
import java.util.Optional;

final class RotateKeysService implements RotateKeys {
  private final EncryptionKeys keys;
  private final Nodes nodes;
  private final SealedValues values;
  private final Optional<Sealer> sealer;
  private final Transactions transactions;
  private final KeyTrail trail;

  RotateKeysService(
      EncryptionKeys keys,
      Nodes nodes,
      SealedValues values,
      Optional<Sealer> sealer,
      Transactions transactions,
      KeyTrail trail) {
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
        trail.refused(AuditAction.ENCRYPTION_KEY_UPDATE, refused.why());
      }
      return obstacle.get();
    }
    progress.begins(notUnder(own.sealingKey()));
    return new Resealing(keys, nodes, values, own, transactions, trail, progress).run();
  }

  /** From here on every node that starts must hold the key; those that live do already. */
  private Optional<Outcome> admitted(Sealer own) {
    KeyringCheck keyring = new KeyringCheck(keys, nodes, own, trail);
    List<Known> known = keys.lockAll();
    AdmitKeyring.Outcome outcome = keyring.judged(known);
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
