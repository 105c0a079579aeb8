package io.claviger.application.projects;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.projects.ProjectRef;

/** Deletes a project: its owner, and administrators anybody's. The instance behind it stays. */
public interface DeleteProject {
  Outcome delete(Actor actor, ProjectRef ref, Precondition precondition);

  /** Gone, or why not. */
  sealed interface Outcome {
    record Deleted() implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
