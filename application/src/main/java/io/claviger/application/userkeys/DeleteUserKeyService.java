package io.claviger.application.userkeys;

import io.claviger.application.instances.out.Instances;
import io.claviger.application.keys.out.UserKeys;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.Targets;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.instances.InstanceRef;
import java.util.List;
import java.util.Optional;

final class DeleteUserKeyService implements DeleteUserKey {
  private final Instances instances;
  private final UserKeys keys;
  private final Attempts attempts;

  DeleteUserKeyService(Instances instances, UserKeys keys, Attempts attempts) {
    this.instances = instances;
    this.keys = keys;
    this.attempts = attempts;
  }

  @Override
  public Outcome delete(Actor actor, InstanceRef ref) {
    return attempts.change(
        actor,
        AuditAction.USER_KEY_DELETE,
        Targets.userKey(ref, actor.id()),
        ledger -> {
          Optional<Instances.Seen> seen = instances.find(ref, actor.id());
          boolean deleted = seen.isPresent() && keys.delete(seen.get().instance().id(), actor.id());
          if (deleted) {
            ledger.changed(
                AuditAction.USER_KEY_DELETE,
                Targets.userKey(seen.get().instance(), actor.id()),
                List.of("api_key"));
          } else {
            UsableInstance.of(actor, seen, attempts.now());
          }
          return new Outcome.Deleted();
        },
        Outcome.Refused::new);
  }
}
