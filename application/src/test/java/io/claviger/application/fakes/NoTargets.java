package io.claviger.application.fakes;

import io.claviger.application.accounts.port.RestrictionTargets;
import io.claviger.application.shared.Actor;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import java.util.Optional;

/** For tests in which no token is for one service or project alone. */
public final class NoTargets implements RestrictionTargets {
  @Override
  public Optional<Instance.Id> service(Actor actor, Instance.Ref ref) {
    return Optional.empty();
  }

  @Override
  public Optional<Project.Id> project(Actor actor, Project.Ref ref) {
    return Optional.empty();
  }
}
