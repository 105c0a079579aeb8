package io.claviger.application.accounts.port;

import io.claviger.application.shared.Actor;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.projects.ProjectId;
import io.claviger.domain.projects.ProjectRef;
import java.util.Optional;

/** What an access token can be restricted to. */
public interface RestrictionTargets {
  /** The service of that name, if the actor can see it. */
  Optional<InstanceId> service(Actor actor, InstanceRef ref);

  /** The project of that name, if the actor can see it. */
  Optional<ProjectId> project(Actor actor, ProjectRef ref);
}
