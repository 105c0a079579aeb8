package io.claviger.application.userkeys;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.instances.InstanceRef;

/**
 * Deletes a user's own key for a service. That there is none is no error; and a key that is there
 * can be taken away by who stored it even where they lost the service.
 */
public interface DeleteUserKey {
  Outcome delete(Actor actor, InstanceRef ref);

  /** There is none now, or why not. */
  sealed interface Outcome {
    record Deleted() implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
