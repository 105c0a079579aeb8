package io.claviger.application.instances;

import io.claviger.application.gateway.out.DeploymentKeys;
import io.claviger.application.instances.out.Instances;
import io.claviger.application.shared.Actor;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeyCandidates.Candidate;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Standing;
import java.time.Instant;

/** Shows an instance to a caller: their role, and whether a call of theirs would find a key. */
final class InstanceViews {
  private final DeploymentKeys deploymentKeys;

  InstanceViews(DeploymentKeys deploymentKeys) {
    this.deploymentKeys = deploymentKeys;
  }

  InstanceView view(Actor actor, Instances.Seen seen, Instant now) {
    Instance instance = seen.instance();
    Standing standing = standing(actor, seen, now);
    KeyDecision decision =
        KeyDecision.decide(
            instance.keyCandidates(
                Permissions.allows(standing, Action.USE),
                Candidate.ABSENT,
                instance.hasApiKey() ? Candidate.PRESENT : Candidate.ABSENT,
                deploymentKeys.has(instance.settings().fields().provider())));
    return new InstanceView(instance, standing.shownRole(), decision.source().isPresent(), false);
  }

  static Standing standing(Actor actor, Instances.Seen seen, Instant now) {
    return Standing.of(
        actor.id(), actor.administrator(), seen.instance().owner(), seen.share(), now);
  }

  /** A token of scope use shows only what its user may use, to an administrator too. */
  static boolean isVisible(Actor actor, Instances.Seen seen, Instant now) {
    return Permissions.allows(
        standing(actor, seen, now), actor.mayManage() ? Action.SEE : Action.USE);
  }
}
