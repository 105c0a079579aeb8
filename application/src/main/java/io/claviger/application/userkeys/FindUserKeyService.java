package io.claviger.application.userkeys;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceRef;

final class FindUserKeyService implements FindUserKey {
  private final InstanceStore instances;
  private final UserKeyStore keys;
  private final AuditedChanges attempts;

  FindUserKeyService(InstanceStore instances, UserKeyStore keys, AuditedChanges attempts) {
    this.instances = instances;
    this.keys = keys;
    this.attempts = attempts;
  }

  @Override
  public Outcome find(Actor actor, InstanceRef ref) {
    try {
      Instance instance = UsableInstance.of(actor, instances.find(ref, actor.id()), attempts.now());
      return new Outcome.Found(keys.find(instance.id(), actor.id()));
    } catch (RefusedException e) {
      return new Outcome.Refused(e.refusal());
    }
  }
}
