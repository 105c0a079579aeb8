package io.claviger.application.userkeys;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.requests.MissingTerms;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import java.time.Instant;
import java.util.Optional;

/** Finds the services for which a user may store a key of their own: those that they can use. */
final class UsableInstance {
  private UsableInstance() {}

  /**
   * @throws RefusedException when the actor can't see or can't use it
   */
  static Instance of(Actor actor, Optional<InstanceStore.VisibleInstance> found, Instant now) {
    InstanceStore.VisibleInstance seen =
        found
            .filter(s -> actor.sees(actor.towards(s.instance(), s.shares(), now)))
            .filter(s -> actor.isWithinRestriction(s.instance().id()))
            .orElseThrow(RefusedException::notFound);
    Relationship standing = actor.towards(seen.instance(), seen.shares(), now);
    if (!Permissions.allows(standing, Action.USE)) {
      throw RefusedException.forbidden(
          "You may see this service but not use it, so you have no key for it.",
          MissingTerms.role(seen.instance().id(), standing, Action.USE));
    }
    return seen.instance();
  }
}
