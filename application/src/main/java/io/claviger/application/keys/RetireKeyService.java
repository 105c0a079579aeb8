package io.claviger.application.keys;

import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.keys.port.SealedValueStore;
import io.claviger.application.keys.port.SealedValueStore.Count;
import io.claviger.application.shared.StillReferenced;
import io.claviger.application.shared.port.Transactions;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyObstacle;
import java.util.List;
import java.util.Optional;

final class RetireKeyService implements RetireKey {
  private final EncryptionKeyStore keys;
  private final NodeStore nodes;
  private final SealedValueStore values;
  private final Transactions transactions;
  private final KeyAudit trail;

  RetireKeyService(
      EncryptionKeyStore keys,
      NodeStore nodes,
      SealedValueStore values,
      Transactions transactions,
      KeyAudit trail) {
    this.keys = keys;
    this.nodes = nodes;
    this.values = values;
    this.transactions = transactions;
    this.trail = trail;
  }

  @Override
  public Outcome retire(EncryptionKeyId id) {
    try {
      Optional<KeyObstacle> obstacle = transactions.inTransaction(() -> retired(id));
      obstacle.ifPresent(why -> trail.recordRefused(AuditAction.ENCRYPTION_KEY_DELETE, why));
      return obstacle.<Outcome>map(Outcome.Refused::new).orElseGet(Outcome.Done::new);
    } catch (StillReferenced e) {
      trail.recordRefused(AuditAction.ENCRYPTION_KEY_DELETE, id, "still_in_use");
      return new Outcome.InUse(under(id));
    }
  }

  private Optional<KeyObstacle> retired(EncryptionKeyId id) {
    Optional<KeyObstacle> obstacle =
        EncryptionKeyStore.register(keys.lockAll()).toRetire(id, nodes.live());
    if (obstacle.isEmpty()) {
      keys.retire(id);
      trail.recordDone(AuditAction.ENCRYPTION_KEY_DELETE, id, List.of("state"));
    }
    return obstacle;
  }

  private long under(EncryptionKeyId id) {
    return values.counts().stream()
        .filter(count -> count.under().equals(id))
        .mapToLong(Count::values)
        .sum();
  }
}
