package io.claviger.application.projects;

import io.claviger.application.accounts.port.RestrictionTargets;
import io.claviger.application.instances.Instances;
import io.claviger.application.shared.Actor;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import java.util.Optional;

/**
 * Finds the services and projects that the user of a token can see, because the token can be
 * restricted to any of them.
 */
public record VisibleTargets(Instances instances, Projects projects) implements RestrictionTargets {
  @Override
  public Optional<Instance.Id> service(Actor actor, Instance.Ref ref) {
    return instances.find(actor, ref).asOptional().map(found -> found.instance().id());
  }

  @Override
  public Optional<Project.Id> project(Actor actor, Project.Ref ref) {
    return projects.find(actor, ref).asOptional().map(found -> found.project().id());
  }
}
