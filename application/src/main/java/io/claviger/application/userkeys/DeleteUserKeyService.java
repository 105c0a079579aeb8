package io.claviger.application.userkeys;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.instances.InstanceRef;
import java.util.List;
import java.util.Optional;

final class DeleteUserKeyService implements DeleteUserKey {
  private final InstanceStore instances;
  private final UserKeyStore keys;
  private final AuditedChanges attempts;

  DeleteUserKeyService(InstanceStore instances, UserKeyStore keys, AuditedChanges attempts) {
    this.instances = instances;
    this.keys = keys;
    this.attempts = attempts;
  }

  @Override
  public Outcome delete(Actor actor, InstanceRef ref) {
    return attempts.change(
        actor,
        AuditAction.USER_KEY_DELETE,
        AuditTargets.userKey(ref, actor.id()),
        ledger -> {
          Optional<InstanceStore.Seen> seen = instances.find(ref, actor.id());
          boolean deleted = seen.isPresent() && keys.delete(seen.get().instance().id(), actor.id());
          if (deleted) {
            ledger.recordChange(
                AuditAction.USER_KEY_DELETE,
                AuditTargets.userKey(seen.get().instance(), actor.id()),
                List.of("api_key"));
          } else {
            UsableInstance.of(actor, seen, attempts.now());
          }
          return new Outcome.Deleted();
        },
        Outcome.Refused::new);
  }
}
