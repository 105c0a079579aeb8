package io.claviger.application.projects;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.projects.ProjectRef;

/**
 * Shows projects to their owners, members and administrators. A token restricted to one shows that
 * one.
 */
public interface FindProjects {
  Outcome find(Actor actor, ProjectRef ref);

  /**
   * A user's own and those they are a member of, by owner and handle: to themselves and to
   * administrators.
   */
  ListOutcome list(Actor actor, Handle user, PageRequest<ProjectRef> page);

  /** One project, or that there is none that the caller can see. */
  sealed interface Outcome {
    record Found(ProjectView view) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }

  /** A page of projects, or why not. */
  sealed interface ListOutcome {
    record Listed(Page<ProjectView, ProjectRef> page) implements ListOutcome {}

    record Refused(Refusal why) implements ListOutcome {}
  }
}
