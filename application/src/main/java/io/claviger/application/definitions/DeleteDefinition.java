package io.claviger.application.definitions;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.definitions.DefinitionRef;

/**
 * Deletes a definition: one's own, and for administrators anybody's. Instances made from it lose
 * the reference only.
 */
public interface DeleteDefinition {
  Outcome delete(Actor actor, DefinitionRef ref, Precondition precondition);

  /** Gone, or why not. */
  sealed interface Outcome {
    record Deleted() implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
