package io.claviger.application.projects;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.Description;
import io.claviger.domain.Field;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.projects.ProjectRef;

/**
 * Creates, replaces or changes a project. Its owner binds it to an instance that they can use at
 * that moment; a writer changes its description. Another instance with other dimensions is a
 * conflict {@code dimensions_differ} unless that is asked for.
 */
public interface WriteProject {
  /** Creates or replaces: an absent service unbinds. */
  Outcome put(Actor actor, ProjectRef ref, Precondition precondition, Command command);

  /** Changes what is there: absent fields keep. */
  Outcome patch(Actor actor, ProjectRef ref, Precondition precondition, Command command);

  /**
   * @param service null unbinds
   */
  record Command(
      Field<Description> description, Field<InstanceRef> service, boolean allowDimensionChange) {}

  /** The project as the caller sees it now, or why not. */
  sealed interface Outcome {
    record Written(ProjectView view, boolean created) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
