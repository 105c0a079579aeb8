package io.claviger.application.keys;

import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyObstacle;
import java.util.List;

/**
 * Records the changes that operators and nodes make to encryption keys. The events name no user.
 */
final class KeyAudit {
  private final AuditedChanges changes;
  private final String address;

  /**
   * @param address {@link io.claviger.domain.audit.AuditEvent#COMMAND_LINE} or {@link
   *     io.claviger.domain.audit.AuditEvent#UPKEEP}
   */
  KeyAudit(AuditedChanges changes, String address) {
    this.changes = changes;
    this.address = address;
  }

  void recordDone(AuditAction action, EncryptionKeyId key, List<String> fields) {
    recordDone(action, AuditTargets.encryptionKey(key), fields);
  }

  void recordDone(AuditAction action, AuditTarget target, List<String> fields) {
    record(action, target, AuditOutcome.DONE, fields);
  }

  /** Records a refusal in its own transaction. */
  void recordRefused(AuditAction action, KeyObstacle why) {
    recordRefused(action, why.key(), code(why));
  }

  /** Records a refusal in its own transaction. */
  void recordRefused(AuditAction action, EncryptionKeyId key, String code) {
    boolean unused =
        changes
            .transactions()
            .inTransaction(
                () -> {
                  record(
                      action, AuditTargets.encryptionKey(key), AuditOutcome.REFUSED, List.of(code));
                  return true;
                });
  }

  /**
   * Returns the code with which a refusal is stored in the audit trail. A code must never change,
   * because stored events contain it.
   */
  private static String code(KeyObstacle why) {
    return switch (why) {
      case KeyObstacle.Unknown unknown -> "unknown";
      case KeyObstacle.AlreadyRetired retired -> "already_retired";
      case KeyObstacle.OnlyLive only -> "only_live";
      case KeyObstacle.LackedBy lacked -> "lacked_by";
      case KeyObstacle.SealsAt seals -> "seals_at";
      case KeyObstacle.HeldBy held -> "held_by";
      case KeyObstacle.OpensHere opens -> "opens_here";
    };
  }

  private void record(
      AuditAction action, AuditTarget target, AuditOutcome outcome, List<String> fields) {
    changes.trail().record(changes.eventOfNobody(address, action, target, outcome, fields));
  }
}
