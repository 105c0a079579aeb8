package io.claviger.application.standards;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.StillInUse;
import io.claviger.application.shared.Targets;
import io.claviger.application.standards.out.ApiStandards;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.standards.ApiStandard;
import java.util.List;
import java.util.OptionalLong;

final class DeleteStandardService implements DeleteStandard {
  private final ApiStandards standards;
  private final Attempts attempts;

  DeleteStandardService(ApiStandards standards, Attempts attempts) {
    this.standards = standards;
    this.attempts = attempts;
  }

  @Override
  public Outcome delete(Actor actor, Handle handle, Precondition precondition) {
    return attempts.change(
        actor,
        AuditAction.STANDARD_DELETE,
        Targets.standard(handle),
        ledger -> {
          if (!actor.administrator()) {
            throw RefusedException.forbidden("Only administrators delete API standards.");
          }
          ApiStandard standard = standards.lock(handle).orElseThrow(RefusedException::notFound);
          precondition.demand(OptionalLong.of(standard.version()));
          delete(handle);
          ledger.changed(AuditAction.STANDARD_DELETE, Targets.standard(handle), List.of());
          return new Outcome.Deleted();
        },
        Outcome.Refused::new);
  }

  private void delete(Handle handle) {
    try {
      standards.delete(handle);
    } catch (StillInUse e) {
      throw new RefusedException(
          new Refusal.Conflict("in_use", "Services or definitions use this standard."));
    }
  }
}
