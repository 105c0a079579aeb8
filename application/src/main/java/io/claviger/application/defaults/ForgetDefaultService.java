package io.claviger.application.defaults;

import io.claviger.application.defaults.port.DefaultServiceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.audit.AuditAction;
import java.util.List;

final class ForgetDefaultService implements ForgetDefault {
  private final DefaultServiceStore defaults;
  private final AuditedChanges attempts;

  ForgetDefaultService(DefaultServiceStore defaults, AuditedChanges attempts) {
    this.defaults = defaults;
    this.attempts = attempts;
  }

  @Override
  public Outcome forget(Actor actor, Handle user) {
    return attempts.change(
        actor,
        AuditAction.DEFAULT_DELETE,
        AuditTargets.defaultService(user),
        ledger -> {
          UserId chooser = DefaultOwner.of(actor, user);
          if (!defaults.forget(chooser)) {
            throw RefusedException.notFound();
          }
          ledger.recordChange(
              AuditAction.DEFAULT_DELETE,
              AuditTargets.defaultService(chooser, user),
              List.of("service"));
          return new Outcome.Forgotten();
        },
        Outcome.Refused::new);
  }
}
