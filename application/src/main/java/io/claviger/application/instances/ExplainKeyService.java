package io.claviger.application.instances;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.policy.KeyExplanation;
import java.time.Instant;

final class ExplainKeyService implements ExplainKey {
  private final InstanceStore instances;
  private final InstanceViews views;
  private final AuditedChanges attempts;

  ExplainKeyService(InstanceStore instances, InstanceViews views, AuditedChanges attempts) {
    this.instances = instances;
    this.views = views;
    this.attempts = attempts;
  }

  @Override
  public Outcome explain(Actor actor, InstanceRef ref) {
    Instant now = attempts.now();
    return instances
        .find(ref, actor.id())
        .filter(s -> InstanceViews.isVisible(actor, s, now))
        .filter(s -> actor.isWithinRestriction(s.instance().id()))
        .<Outcome>map(
            s -> new Outcome.Explained(KeyExplanation.of(views.candidates(actor, s, now))))
        .orElseGet(() -> new Outcome.Refused(new Refusal.NotFound()));
  }
}
