package io.claviger.application.keys;

import io.claviger.application.keys.out.EncryptionKeys;
import io.claviger.application.keys.out.Nodes;
import io.claviger.application.keys.out.SealedValues;
import io.claviger.application.keys.out.SealedValues.Count;
import io.claviger.application.shared.StillInUse;
import io.claviger.application.shared.out.Transactions;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyObstacle;
import java.util.List;
import java.util.Optional;

final class RetireKeyService implements RetireKey {
  private final EncryptionKeys keys;
  private final Nodes nodes;
  private final SealedValues values;
  private final Transactions transactions;
  private final KeyTrail trail;

  RetireKeyService(
      EncryptionKeys keys,
      Nodes nodes,
      SealedValues values,
      Transactions transactions,
      KeyTrail trail) {
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
      obstacle.ifPresent(why -> trail.refused(AuditAction.ENCRYPTION_KEY_DELETE, why));
      return obstacle.<Outcome>map(Outcome.Refused::new).orElseGet(Outcome.Done::new);
    } catch (StillInUse e) {
      trail.refused(AuditAction.ENCRYPTION_KEY_DELETE, id, "still_in_use");
      return new Outcome.InUse(under(id));
    }
  }

  private Optional<KeyObstacle> retired(EncryptionKeyId id) {
    Optional<KeyObstacle> obstacle =
        EncryptionKeys.register(keys.lockAll()).toRetire(id, nodes.live());
    if (obstacle.isEmpty()) {
      keys.retire(id);
      trail.done(AuditAction.ENCRYPTION_KEY_DELETE, id, List.of("state"));
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
