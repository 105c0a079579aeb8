package io.claviger.application.sharing;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.requests.MissingTerms;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permission;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import java.time.Instant;
import java.util.Optional;

/** An instance whose shares are read or changed, with the actor's relationship to the instance. */
record SharedInstance(Instance instance, Relationship relationship) {

  /**
   * @throws RefusedException if the actor can't see the instance
   */
  static SharedInstance visible(
      Actor actor, Optional<InstanceStore.VisibleInstance> found, Instant now) {
    return found
        .map(seen -> of(actor, seen, now))
        .filter(shared -> Permissions.allows(shared.relationship, Action.SEE))
        .orElseThrow(RefusedException::notFound);
  }

  /**
   * @throws RefusedException if the actor can't see the instance or its shares
   */
  static SharedInstance withVisibleShares(
      Actor actor, InstanceStore instances, Instance.Ref ref, Instant now) {
    actor.demandManage();
    SharedInstance shared = visible(actor, instances.find(ref, actor.sight(), now), now);
    if (shared.may(Action.SEE_SHARES) != Permission.GRANTED) {
      throw RefusedException.forbidden(
          "Your role on this service does not show its shares.", shared.missing(Action.SEE_SHARES));
    }
    return shared;
  }

  /** Returns the instance, regardless of whether the actor can see it. */
  static SharedInstance of(Actor actor, InstanceStore.VisibleInstance seen, Instant now) {
    return new SharedInstance(seen.instance(), seen.relationship(actor, now));
  }

  Instance.Id id() {
    return instance.id();
  }

  /** Returns the role that the actor needs for an action but lacks. */
  Optional<MissingTerms> missing(Action action) {
    return MissingTerms.role(id(), relationship, action);
  }

  Permission may(Action action) {
    return Permissions.may(relationship, action);
  }
}
