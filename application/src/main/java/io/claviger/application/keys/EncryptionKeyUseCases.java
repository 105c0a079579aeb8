package io.claviger.application.keys;

import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.keys.port.EncryptionKeyStore.Known;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.keys.port.SealedValueStore;
import io.claviger.application.keys.port.SealedValueStore.Cleared;
import io.claviger.application.keys.port.SealedValueStore.Concerned;
import io.claviger.application.keys.port.SealedValueStore.Count;
import io.claviger.application.keys.port.SealedValueStore.Position;
import io.claviger.application.keys.port.SealedValueStore.SealedValueBatch;
import io.claviger.application.keys.port.SealedValueStore.ServiceRow;
import io.claviger.application.keys.port.SealedValueStore.Table;
import io.claviger.application.keys.port.SealedValueStore.UserValue;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.StillReferenced;
import io.claviger.domain.accounts.User;
import io.claviger.domain.approvals.Approval;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.groups.Group;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.KeyObstacle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

final class EncryptionKeyUseCases implements EncryptionKeys {
  /**
   * The number of database rows in a batch. The number is small to keep transactions short, because
   * a transaction locks the services of its batch.
   */
  private static final int ROWS = 200;

  /**
   * The maximum number of times that an attempt is repeated if it conflicts with another change.
   */
  private static final int TRIES = 10;

  private final EncryptionKeyStore keys;
  private final NodeStore nodes;
  private final SealedValueStore values;
  private final Optional<Sealer> sealer;
  private final AuditedChanges changes;
  private final KeyAudit audit;

  EncryptionKeyUseCases(
      EncryptionKeyStore keys,
      NodeStore nodes,
      SealedValueStore values,
      Optional<Sealer> sealer,
      AuditedChanges changes) {
    this.keys = keys;
    this.nodes = nodes;
    this.values = values;
    this.sealer = sealer;
    this.changes = changes;
    this.audit = new KeyAudit(changes, AuditEvent.COMMAND_LINE);
  }

  @Override
  public EncryptionStatus status() {
    return changes
        .transactions()
        .inTransaction(
            () -> {
              List<Count> counts = values.counts();
              return new EncryptionStatus(
                  keys.all().stream().map(key -> status(key, counts)).toList(), nodes.all());
            });
  }

  private static KeyStatus status(Known key, List<Count> counts) {
    return new KeyStatus(
        key.id(),
        key.live(),
        counts.stream()
            .filter(count -> count.under().equals(key.id()))
            .collect(Collectors.toMap(Count::kind, Count::values)));
  }

  @Override
  public RotationOutcome rotate(Progress progress) {
    Sealer own = sealer.orElseThrow();
    Optional<RotationOutcome> obstacle =
        changes.transactions().inTransaction(() -> prepareRotation(own));
    if (obstacle.isPresent()) {
      if (obstacle.get() instanceof RotationOutcome.Refused refused) {
        audit.recordRefused(AuditAction.ENCRYPTION_KEY_UPDATE, refused.why());
      }
      return obstacle.get();
    }
    progress.begin(notUnder(own.sealingKey()));
    return new Reencryption(keys, nodes, values, own, changes.transactions(), audit, progress)
        .run();
  }

  /**
   * Records the key with which the rotation seals all values, if this key is new. As soon as the
   * key is recorded, a node must have the key in order to start. Running nodes already have the
   * key. Returns why the rotation can't begin; empty if it can begin.
   */
  private Optional<RotationOutcome> prepareRotation(Sealer own) {
    KeyringCheck keyring = new KeyringCheck(keys, nodes, own, audit);
    List<Known> known = keys.lockAll();
    KeyringAdmission.AdmissionOutcome outcome = keyring.judge(known);
    if (!(outcome instanceof KeyringAdmission.AdmissionOutcome.Admitted admitted)) {
      return Optional.of(new RotationOutcome.NotAdmitted(outcome));
    }
    if (!admitted.lackedBy().isEmpty()) {
      return Optional.of(
          new RotationOutcome.Refused(
              new KeyObstacle.LackedBy(own.sealingKey(), admitted.lackedBy()), 0));
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

  @Override
  public RetirementOutcome retire(EncryptionKeyId id) {
    try {
      Optional<KeyObstacle> obstacle = changes.transactions().inTransaction(() -> retireUnused(id));
      obstacle.ifPresent(why -> audit.recordRefused(AuditAction.ENCRYPTION_KEY_DELETE, why));
      return obstacle
          .<RetirementOutcome>map(RetirementOutcome.Refused::new)
          .orElseGet(RetirementOutcome.Done::new);
    } catch (StillReferenced e) {
      audit.recordRefused(AuditAction.ENCRYPTION_KEY_DELETE, id, "still_in_use");
      return new RetirementOutcome.InUse(valuesUnder(id));
    }
  }

  private Optional<KeyObstacle> retireUnused(EncryptionKeyId id) {
    Optional<KeyObstacle> obstacle =
        EncryptionKeyStore.register(keys.lockAll()).toRetire(id, nodes.live());
    if (obstacle.isEmpty()) {
      keys.retire(id);
      audit.recordDone(AuditAction.ENCRYPTION_KEY_DELETE, id, List.of("state"));
    }
    return obstacle;
  }

  private long valuesUnder(EncryptionKeyId id) {
    return values.counts().stream()
        .filter(count -> count.under().equals(id))
        .mapToLong(Count::values)
        .sum();
  }

  @Override
  public DiscardOutcome previewDiscard(EncryptionKeyId id) {
    Optional<KeyObstacle> obstacle = obstacleToDiscard(id, keys.all());
    obstacle.ifPresent(why -> audit.recordRefused(AuditAction.ENCRYPTION_KEY_DELETE, why));
    return obstacle
        .<DiscardOutcome>map(DiscardOutcome.Refused::new)
        .orElseGet(() -> new DiscardOutcome.Concerns(values.concerned(id)));
  }

  @Override
  public DiscardOutcome discard(EncryptionKeyId id) {
    Concerned concerned = values.concerned(id);
    Optional<KeyObstacle> obstacle;
    try {
      obstacle = clearValues(id).or(() -> changes.repeated(TRIES, () -> retireDiscarded(id)));
    } catch (ConcurrencyConflict e) {
      return new DiscardOutcome.Conflicted();
    }
    obstacle.ifPresent(why -> audit.recordRefused(AuditAction.ENCRYPTION_KEY_DELETE, why));
    return obstacle
        .<DiscardOutcome>map(DiscardOutcome.Refused::new)
        .orElseGet(() -> new DiscardOutcome.Concerns(concerned));
  }

  private Optional<KeyObstacle> clearValues(EncryptionKeyId id) {
    Optional<Position> position = Optional.of(Position.BEGINNING);
    while (position.isPresent()) {
      Position after = position.get();
      Optional<KeyObstacle> obstacle = obstacleToDiscard(id, keys.all());
      if (obstacle.isPresent()) {
        return obstacle;
      }
      position = changes.repeated(TRIES, () -> clearBatch(id, after)).next();
    }
    return Optional.empty();
  }

  private SealedValueBatch<Cleared> clearBatch(EncryptionKeyId id, Position after) {
    SealedValueBatch<Cleared> batch = values.clear(id, after, ROWS, changes.now());
    batch.found().forEach(gone -> recordCleared(after.table(), gone));
    return batch;
  }

  private Optional<KeyObstacle> retireDiscarded(EncryptionKeyId id) {
    Optional<KeyObstacle> obstacle = obstacleToDiscard(id, keys.lockAll());
    if (obstacle.isEmpty()) {
      keys.retire(id);
      audit.recordDone(AuditAction.ENCRYPTION_KEY_DELETE, id, List.of("state"));
    }
    return obstacle;
  }

  private Optional<KeyObstacle> obstacleToDiscard(EncryptionKeyId id, List<Known> known) {
    boolean opensHere =
        known.stream()
            .filter(key -> key.id().equals(id))
            .anyMatch(key -> sealer.isPresent() && sealer.get().opensSentinel(key.sentinel()));
    return EncryptionKeyStore.register(known).toDiscard(id, opensHere, nodes.live());
  }

  private void recordCleared(Table table, Cleared gone) {
    gone.ofUser().ifPresent(value -> recordCleared(gone.owner(), value));
    gone.at()
        .ifPresent(
            service -> {
              if (table == Table.BILLING_CREDENTIALS) {
                audit.recordDone(
                    AuditAction.BILLING_DELETE,
                    AuditTargets.billing(service.instance(), service.ref(), gone.owner()),
                    List.of("api_key"));
              } else if (table == Table.APPROVALS) {
                audit.recordDone(
                    AuditAction.APPROVAL_LAPSE,
                    AuditTargets.approval(
                        new Approval.Id(gone.user().orElseThrow().value()),
                        service.ref(),
                        gone.owner()),
                    List.of("key_gone"));
              } else {
                recordCleared(gone, service);
              }
            });
  }

  private void recordCleared(User.Id owner, UserValue value) {
    if (value.kind() == KeyBinding.Kind.ISSUER_KEY) {
      audit.recordDone(AuditAction.ISSUER_KEY_DELETE, AuditTargets.issuerKey(""), List.of("state"));
    } else if (value.kind() == KeyBinding.Kind.AUDIT_KEY) {
      audit.recordDone(AuditAction.AUDIT_KEY_DELETE, AuditTargets.auditKey(), List.of());
    } else if (value.kind() == KeyBinding.Kind.WEBHOOK_SECRET) {
      audit.recordDone(
          AuditAction.WEBHOOK_DELETE,
          AuditTargets.webhook(
              value.holder().isGroup() ? new Group.Id(owner.value()) : owner, value.holder()),
          List.of());
    } else {
      audit.recordDone(
          AuditAction.USER_UPDATE,
          AuditTargets.user(owner, value.holder().handle()),
          List.of("refresh_token"));
    }
  }

  private void recordCleared(Cleared gone, ServiceRow service) {
    if (gone.user().isPresent()) {
      audit.recordDone(
          AuditAction.USER_KEY_DELETE,
          AuditTargets.userKey(service.instance(), service.ref(), gone.user().get()),
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
    if (fields.isEmpty()) {
      fields.add("naming_key");
    }
    audit.recordDone(
        AuditAction.SERVICE_KEY_CLEAR,
        AuditTargets.service(service.instance(), service.ref(), gone.owner()),
        fields);
  }
}
