package io.claviger.application.keys;

import io.claviger.application.keys.out.EncryptionKeys;
import io.claviger.application.keys.out.EncryptionKeys.Known;
import io.claviger.application.keys.out.Sealer;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.out.AuditTrail;
import io.claviger.application.shared.out.Ids;
import io.claviger.application.shared.out.Transactions;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.keys.EncryptionKeyId;
import java.util.List;
import java.util.Optional;

final class AdmitKeyringService implements AdmitKeyring {
  private final EncryptionKeys keys;
  private final Sealer sealer;
  private final Transactions transactions;
  private final AuditTrail trail;
  private final Ids ids;
  private final Attempts attempts;

  AdmitKeyringService(
      EncryptionKeys keys,
      Sealer sealer,
      Transactions transactions,
      AuditTrail trail,
      Ids ids,
      Attempts attempts) {
    this.keys = keys;
    this.sealer = sealer;
    this.transactions = transactions;
    this.trail = trail;
    this.ids = ids;
    this.attempts = attempts;
  }

  @Override
  public Outcome admit() {
    return transactions.inTransaction(
        () -> {
          List<Known> known = keys.lockAll();
          Outcome outcome = judged(known);
          boolean isNew = known.stream().noneMatch(k -> k.id().equals(sealer.sealingKey()));
          if (outcome instanceof Outcome.Admitted && isNew) {
            keys.add(sealer.sealingKey(), sealer.sentinel(sealer.sealingKey()));
            trail.record(newKey(sealer.sealingKey()));
          }
          return outcome;
        });
  }

  @Override
  public boolean stillAdmitted() {
    return judged(keys.all()) instanceof Outcome.Admitted;
  }

  private Outcome judged(List<Known> known) {
    List<Known> live = known.stream().filter(Known::live).toList();
    List<EncryptionKeyId> missing =
        live.stream().map(Known::id).filter(id -> !sealer.keys().contains(id)).toList();
    if (!missing.isEmpty()) {
      return new Outcome.Missing(missing);
    }
    List<EncryptionKeyId> wrong =
        live.stream().filter(k -> !sealer.opensSentinel(k.sentinel())).map(Known::id).toList();
    if (!wrong.isEmpty()) {
      return new Outcome.Wrong(wrong);
    }
    EncryptionKeyId sealing = sealer.sealingKey();
    boolean retired = known.stream().anyMatch(k -> k.id().equals(sealing) && !k.live());
    return retired ? new Outcome.Retired(sealing) : new Outcome.Admitted(sealing);
  }

  private AuditEvent newKey(EncryptionKeyId id) {
    return new AuditEvent(
        ids.next(),
        attempts.now(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "",
        "",
        AuditAction.ENCRYPTION_KEY_CREATE,
        new AuditTarget("encryption_key", Optional.empty(), id.value(), Optional.empty()),
        AuditOutcome.DONE,
        List.of());
  }
}
