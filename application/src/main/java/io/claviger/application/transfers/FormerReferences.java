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
 * The references that services and projects had before a transfer. For 30 days a former reference
 * still finds the service or project, and no other service or project can get the same reference.
 *
 * <p>The owning user and administrators can see and end former references. Anybody else who sees
 * the service or project is refused with {@code forbidden}, and so is a token of scope use. For
 * anybody who can't see the service or project, the answer is {@code not_found}.
 */
public interface FormerReferences {
  static FormerReferences of(
      MovedReferences moved, Instances instances, Projects projects, AuditedChanges changes) {
    return new FormerReferenceUseCases(moved, instances, projects, changes);
  }

  /**
   * Returns an implementation that also explains names of models that contain a service's former
   * reference.
   */
  static ModelResolutions explainedBy(ModelResolutions resolutions, MovedReferences moved) {
    return new MovedModelResolutions(resolutions, moved);
  }

  /** Lists the former references of a service, by owner and handle. */
  Outcome<List<FormerReference>> of(Actor actor, Instance.Ref service);

  /** Lists the former references of a project, by owner and handle. */
  Outcome<List<FormerReference>> of(Actor actor, Project.Ref project);

  /**
   * Ends the former references of a service immediately. If there are no such references, nothing
   * happens.
   */
  Outcome<Instance.Ref> end(Actor actor, Instance.Ref service);

  /**
   * Ends the former references of a project immediately. If there are no such references, nothing
   * happens.
   */
  Outcome<Project.Ref> end(Actor actor, Project.Ref project);
}
