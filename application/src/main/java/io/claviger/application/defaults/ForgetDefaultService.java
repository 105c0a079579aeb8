package io.claviger.application.defaults;

import io.claviger.application.defaults.out.DefaultServices;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.Targets;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.audit.AuditAction;
import java.util.List;

final class ForgetDefaultService implements ForgetDefault {
  private final DefaultServices defaults;
  private final Attempts attempts;

  ForgetDefaultService(DefaultServices defaults, Attempts attempts) {
    this.defaults = defaults;
    this.attempts = attempts;
  }

  @Override
  public Outcome forget(Actor actor, Handle user) {
    return attempts.change(
        actor,
        AuditAction.DEFAULT_DELETE,
        Targets.defaultService(user),
        ledger -> {
          UserId chooser = Chooser.of(actor, user);
          if (!defaults.forget(chooser)) {
            throw RefusedException.notFound();
          }
          ledger.changed(
              AuditAction.DEFAULT_DELETE,
              Targets.defaultService(chooser, user),
              List.of("service"));
          return new Outcome.Forgotten();
        },
        Outcome.Refused::new);
  }
}
