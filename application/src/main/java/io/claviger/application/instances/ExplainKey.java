package io.claviger.application.instances;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.policy.KeyExplanation;

/**
 * Tells a caller which key a call of theirs, by their own role, would use, or why none, rule by
 * rule. What is stored is tried: a key that does not open is told of.
 */
public interface ExplainKey {
  Outcome explain(Actor actor, InstanceRef ref);

  /** The explanation, or that there is no such service that the caller can see. */
  sealed interface Outcome {
    record Explained(KeyExplanation explanation) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
