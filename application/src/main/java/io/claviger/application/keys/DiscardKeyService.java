package io.claviger.application.keys;

import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.keys.port.EncryptionKeyStore.Known;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.keys.port.SealedValueStore;
import io.claviger.application.keys.port.SealedValueStore.Batch;
import io.claviger.application.keys.port.SealedValueStore.Cleared;
import io.claviger.application.keys.port.SealedValueStore.Concerned;
import io.claviger.application.keys.port.SealedValueStore.Position;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.port.Transactions;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyObstacle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

final class DiscardKeyService implements DiscardKey {
  /** Short transactions: services are locked while theirs is under way. */
  private static final int ROWS = 200;

  private final EncryptionKeyStore keys;
  private final NodeStore nodes;
  private final SealedValueStore values;
  private final Optional<Sealer> sealer;
  private final Transactions transactions;
  private final KeyAudit trail;
  private final AuditedChanges attempts;

  DiscardKeyService(
      EncryptionKeyStore keys,
      NodeStore nodes,
      SealedValueStore values,
      Optional<Sealer> sealer,
      Transactions transactions,
      KeyAudit trail,
      AuditedChanges attempts) {
    this.keys = keys;
    this.nodes = nodes;
    this.values = values;
    this.sealer = sealer;
    this.transactions = transactions;
    this.trail = trail;
    this.attempts = attempts;
  }

  @Override
  public Outcome foreseen(EncryptionKeyId id) {
    Optional<KeyObstacle> obstacle = obstacle(id, keys.all());
    obstacle.ifPresent(why -> trail.recordRefused(AuditAction.ENCRYPTION_KEY_DELETE, why));
    return obstacle
        .<Outcome>map(Outcome.Refused::new)
        .orElseGet(() -> new Outcome.Concerns(values.concerned(id)));
  }

  @Override
  public Outcome discard(EncryptionKeyId id) {
    Concerned concerned = values.concerned(id);
    Optional<KeyObstacle> obstacle = cleared(id).or(() -> retired(id));
    obstacle.ifPresent(why -> trail.recordRefused(AuditAction.ENCRYPTION_KEY_DELETE, why));
    return obstacle
        .<Outcome>map(Outcome.Refused::new)
        .orElseGet(() -> new Outcome.Concerns(concerned));
  }

  private Optional<KeyObstacle> cleared(EncryptionKeyId id) {
    Optional<Position> position = Optional.of(Position.BEGINNING);
    while (position.isPresent()) {
      Position after = position.get();
      Optional<KeyObstacle> obstacle = obstacle(id, keys.all());
      if (obstacle.isPresent()) {
        return obstacle;
      }
      position = clearedBehind(id, after);
    }
    return Optional.empty();
  }

  /** Where it goes on: at the same place after a race lost. */
  private Optional<Position> clearedBehind(EncryptionKeyId id, Position after) {
    try {
      return transactions.inTransaction(() -> cleared(id, after)).next();
    } catch (ConcurrencyConflict e) {
      return Optional.of(after);
    }
  }

  private Batch<Cleared> cleared(EncryptionKeyId id, Position after) {
    Batch<Cleared> batch = values.clear(id, after, ROWS, attempts.now());
    batch.found().forEach(this::record);
    return batch;
  }

  private Optional<KeyObstacle> retired(EncryptionKeyId id) {
    return transactions.inTransaction(
        () -> {
          Optional<KeyObstacle> obstacle = obstacle(id, keys.lockAll());
          if (obstacle.isEmpty()) {
            keys.retire(id);
            trail.recordDone(AuditAction.ENCRYPTION_KEY_DELETE, id, List.of("state"));
          }
          return obstacle;
        });
  }

  private Optional<KeyObstacle> obstacle(EncryptionKeyId id, List<Known> known) {
    boolean opensHere =
        known.stream()
            .filter(key -> key.id().equals(id))
            .anyMatch(key -> sealer.isPresent() && sealer.get().opensSentinel(key.sentinel()));
    return EncryptionKeyStore.register(known).toDiscard(id, opensHere, nodes.live());
  }

  private void record(Cleared gone) {
    if (gone.user().isPresent()) {
      trail.recordDone(
          AuditAction.USER_KEY_DELETE,
          AuditTargets.userKey(gone.instance(), gone.service(), gone.user().get()),
          List.of("api_key"));
      return;
    }
    List<String> fields = new ArrayList<>();
    if (gone.apiKey()) {
      fields.add("api_key");
    }
    if (gone.headers()) {
      fields.add("custom_headers");
    }
    trail.recordDone(
        AuditAction.SERVICE_KEY_CLEAR,
        AuditTargets.service(gone.instance(), gone.service(), gone.owner()),
        fields);
  }
}
