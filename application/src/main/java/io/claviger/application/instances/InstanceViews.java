package io.claviger.application.instances;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.KeyDecisions;
import io.claviger.application.shared.Actor;
import io.claviger.domain.policy.KeyCandidates;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import java.time.Instant;

/**
 * Builds the view of an instance for a caller: their role, and whether their call would find a key.
 */
final class InstanceViews {
  private final KeyDecisions resolution;

  InstanceViews(KeyDecisions resolution) {
    this.resolution = resolution;
  }

  InstanceView view(Actor actor, InstanceStore.Seen seen, Instant now) {
    Relationship standing = standing(actor, seen, now);
    KeyDecision decision =
        resolution.decide(
            Permissions.allows(standing, Action.USE), seen.instance(), seen.keys(), actor.id());
    return new InstanceView(
        seen.instance(), standing.shownRole(), decision.source().isPresent(), seen.isDefault());
  }

  /** Returns the candidates for the key of a call by the caller's own role. */
  KeyCandidates candidates(Actor actor, InstanceStore.Seen seen, Instant now) {
    return resolution.tried(
        Permissions.allows(standing(actor, seen, now), Action.USE),
        seen.instance(),
        seen.keys(),
        actor.id());
  }

  static Relationship standing(Actor actor, InstanceStore.Seen seen, Instant now) {
    return actor.towards(seen.instance(), seen.share(), now);
  }

  static boolean isVisible(Actor actor, InstanceStore.Seen seen, Instant now) {
    return actor.sees(standing(actor, seen, now));
  }
}
