package io.claviger.application.standards;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.Handle;

/**
 * Deletes an API standard that nothing uses (else conflict {@code in_use}); administrators only.
 */
public interface DeleteStandard {
  Outcome delete(Actor actor, Handle handle, Precondition precondition);

  /** Gone, or why not. */
  sealed interface Outcome {
    record Deleted() implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
