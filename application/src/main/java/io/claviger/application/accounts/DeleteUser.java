package io.claviger.application.accounts;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.Handle;

/**
 * Deletes a user with everything that is theirs. Users delete themselves, administrators anybody
 * but {@code _system} and the last administrator (conflict {@code last_administrator}). Where
 * others' projects use the user's instances, it is a conflict {@code in_use}.
 */
public interface DeleteUser {
  /**
   * @param force unbinds others' projects from the user's instances instead of being refused for
   *     them
   */
  Outcome delete(Actor actor, Handle user, Precondition precondition, boolean force);

  /** Gone, or why not. */
  sealed interface Outcome {
    record Deleted() implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
