package io.claviger.application.transfers;

import io.claviger.application.instances.Instances;
import io.claviger.application.projects.Projects;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.transfers.port.MovedReferences;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.transfers.FormerReference;
import java.util.List;

/**
 * Lists and ends former references, which are the references that services and projects had before
 * they were transferred. For 30 days after the transfer, a former reference still leads to the
 * service or project, and nothing else can get this reference.
 *
 * <p>The owning user and administrators can see and end former references. Anybody else who sees
 * the service or project, and any token of scope {@code use}, is refused with {@code forbidden}. If
 * the actor can't see the service or project, the answer is {@code not_found}.
 */
public interface FormerReferences {
  static FormerReferences of(
      MovedReferences moved, Instances instances, Projects projects, AuditedChanges changes) {
    return new FormerReferenceUseCases(moved, instances, projects, changes);
  }

  /** Lists the former references of a service, ordered by owner and handle. */
  Outcome<List<FormerReference>> of(Actor actor, Instance.Ref service);

  /** Lists the former references of a project, ordered by owner and handle. */
  Outcome<List<FormerReference>> of(Actor actor, Project.Ref project);

  /**
   * Immediately ends the former references of a service. If the service has no former references,
   * nothing happens.
   */
  Outcome<Instance.Ref> end(Actor actor, Instance.Ref service);

  /**
   * Immediately ends the former references of a project. If the project has no former references,
   * nothing happens.
   */
  Outcome<Project.Ref> end(Actor actor, Project.Ref project);
}
