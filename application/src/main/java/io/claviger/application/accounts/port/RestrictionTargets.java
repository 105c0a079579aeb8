package io.claviger.application.accounts.port;

import io.claviger.application.shared.Actor;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import java.util.Optional;

/** Finds the things that an access token can be restricted to. */
public interface RestrictionTargets {
  /** Finds the service with this name; empty when the actor can't see one. */
  Optional<Instance.Id> service(Actor actor, Instance.Ref ref);

  /** Finds the project with this name; empty when the actor can't see one. */
  Optional<Project.Id> project(Actor actor, Project.Ref ref);
}
