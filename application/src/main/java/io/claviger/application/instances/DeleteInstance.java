package io.claviger.application.instances;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.instances.InstanceRef;

/**
 * Deletes an instance with its keys, users' own ones included, and its shares. With a system-level
 * one the models bound to it are deleted, and those that nothing of its provider can run any more.
 */
public interface DeleteInstance {
  Outcome delete(Actor actor, InstanceRef ref, Precondition precondition);

  /** Gone, or why not. */
  sealed interface Outcome {
    record Deleted() implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
