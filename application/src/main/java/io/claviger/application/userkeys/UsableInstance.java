package io.claviger.application.userkeys;

import io.claviger.application.instances.out.Instances;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Standing;
import java.time.Instant;
import java.util.Optional;

/** The services that somebody may have a key of their own for: those that they can use. */
final class UsableInstance {
  private UsableInstance() {}

  /**
   * @throws RefusedException when the actor can't see it, or not use it
   */
  static Instance of(Actor actor, Optional<Instances.Seen> found, Instant now) {
    Instances.Seen seen =
        found
            .filter(s -> Permissions.allows(standing(actor, s, now), seeing(actor)))
            .filter(s -> actor.isWithinRestriction(s.instance().id()))
            .orElseThrow(RefusedException::notFound);
    if (!Permissions.allows(standing(actor, seen, now), Action.USE)) {
      throw RefusedException.forbidden(
          "You may see this service but not use it, so you have no key for it.");
    }
    return seen.instance();
  }

  private static Standing standing(Actor actor, Instances.Seen seen, Instant now) {
    return Standing.of(
        actor.id(), actor.administrator(), seen.instance().owner(), seen.share(), now);
  }

  /** A token of scope use shows only what its user may use. */
  private static Action seeing(Actor actor) {
    return actor.mayManage() ? Action.SEE : Action.USE;
  }
}
