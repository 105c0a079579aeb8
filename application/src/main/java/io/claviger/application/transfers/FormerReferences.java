package io.claviger.application.transfers;

import io.claviger.application.instances.Instances;
import io.claviger.application.projects.Projects;
import io.claviger.application.routing.ModelResolutions;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.transfers.port.MovedReferences;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.transfers.FormerReference;
import java.util.List;

/**
 * The references that services and projects had before they moved. For 30 days these lead to them,
 * and nothing else can have them.
 *
 * <p>The owning user and administrators see and end them. Everything here is refused as {@code
 * forbidden} to anybody else who sees the service or project and to a token of scope use, and as
 * {@code not_found} to anybody who can't see it.
 */
public interface FormerReferences {
  static FormerReferences of(
      MovedReferences moved, Instances instances, Projects projects, AuditedChanges changes) {
    return new FormerReferenceOperations(moved, instances, projects, changes);
  }

  /** Explains names of models that begin with the former reference of a service, too. */
  static ModelResolutions explainedBy(ModelResolutions resolutions, MovedReferences moved) {
    return new MovedModelResolutions(resolutions, moved);
  }

  /** Lists those of a service, by owner and handle. */
  Outcome<List<FormerReference>> of(Actor actor, Instance.Ref service);

  /** Lists those of a project, by owner and handle. */
  Outcome<List<FormerReference>> of(Actor actor, Project.Ref project);

  /** Ends those of a service at once. Ending none changes nothing and is no error. */
  Outcome<Instance.Ref> end(Actor actor, Instance.Ref service);

  /** Ends those of a project at once. Ending none changes nothing and is no error. */
  Outcome<Project.Ref> end(Actor actor, Project.Ref project);
}
