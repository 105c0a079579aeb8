package io.claviger.application.standards;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.StillReferenced;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.standards.ApiStandard;
import java.util.List;
import java.util.OptionalLong;

final class DeleteStandardService implements DeleteStandard {
  private final ApiStandardStore standards;
  private final AuditedChanges attempts;

  DeleteStandardService(ApiStandardStore standards, AuditedChanges attempts) {
    this.standards = standards;
    this.attempts = attempts;
  }

  @Override
  public Outcome delete(Actor actor, Handle handle, Precondition precondition) {
    return attempts.change(
        actor,
        AuditAction.STANDARD_DELETE,
        AuditTargets.standard(handle),
        ledger -> {
          if (!actor.administrator()) {
            throw RefusedException.forbidden("Only administrators delete API standards.");
          }
          ApiStandard standard = standards.lock(handle).orElseThrow(RefusedException::notFound);
          precondition.demand(OptionalLong.of(standard.version()));
          delete(handle);
          ledger.recordChange(
              AuditAction.STANDARD_DELETE, AuditTargets.standard(handle), List.of());
          return new Outcome.Deleted();
        },
        Outcome.Refused::new);
  }

  private void delete(Handle handle) {
    try {
      standards.delete(handle);
    } catch (StillReferenced e) {
      throw new RefusedException(
          new Refusal.Conflict("in_use", "Services or definitions use this standard."));
    }
  }
}
