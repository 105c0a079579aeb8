package io.claviger.application.userkeys;

import io.claviger.application.instances.out.Instances;
import io.claviger.application.keys.out.UserKeys;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceRef;

final class FindUserKeyService implements FindUserKey {
  private final Instances instances;
  private final UserKeys keys;
  private final Attempts attempts;

  FindUserKeyService(Instances instances, UserKeys keys, Attempts attempts) {
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
