package io.claviger.application.accounts.port;

import io.claviger.application.shared.Actor;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.projects.ProjectId;
import io.claviger.domain.projects.ProjectRef;
import java.util.Optional;

/** Finds the things that an access token can be restricted to. */
public interface RestrictionTargets {
  /** Finds the service with this name; empty when the actor can't see one. */
  Optional<InstanceId> service(Actor actor, InstanceRef ref);

  /** Finds the project with this name; empty when the actor can't see one. */
  Optional<ProjectId> project(Actor actor, ProjectRef ref);
}
