package io.claviger.application.shared;

import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditTarget;

/**
 * Ends an attempt, and rolls back all changes that the attempt has made. {@link AuditedChanges}
 * then runs another change instead. The result of this other change becomes the refusal of the
 * attempt.
 */
public final class OtherChange extends RuntimeException {
  private final AuditAction action;
  private final AuditTarget target;
  private final AuditedChanges.Change<Refusal> change;

  /**
   * @param action the action under which a refusal of the other change is recorded
   */
  public OtherChange(
      AuditAction action, AuditTarget target, AuditedChanges.Change<Refusal> change) {
    super(action.wireName(), null, false, false);
    this.action = action;
    this.target = target;
    this.change = change;
  }

  AuditAction action() {
    return action;
  }

  AuditTarget target() {
    return target;
  }

  AuditedChanges.Change<Refusal> change() {
    return change;
  }
}
