package io.claviger.application.models;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.models.ModelConfigId;

/**
 * Takes a model out of the catalogue; administrators only. The row stays, with who deleted it and
 * when. Another becomes the default where this one was.
 */
public interface DeleteModelConfig {
  Outcome delete(Actor actor, ModelConfigId id, Precondition precondition);

  /** Gone, or why not. */
  sealed interface Outcome {
    record Deleted() implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
