package io.claviger.application.sharing;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.InstanceRef;

/**
 * Ends a share, with those that were given by its strength. Who holds a share may end it. Ending
 * what is not there changes nothing and is no error.
 */
public interface EndShare {
  Outcome end(Actor actor, InstanceRef instance, Handle grantee, Precondition precondition);

  /** There is no such share any more, or why not. */
  sealed interface Outcome {
    record Ended() implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
