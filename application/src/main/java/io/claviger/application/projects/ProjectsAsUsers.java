package io.claviger.application.projects;

import io.claviger.application.accounts.out.Dependents;
import io.claviger.application.instances.out.InstanceUse;
import io.claviger.application.projects.out.Projects;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Usage;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.InstanceId;
import java.time.Instant;
import java.util.List;

/**
 * Projects are what uses instances: they keep them, and through them their owners, from being
 * deleted.
 */
public final class ProjectsAsUsers implements InstanceUse, Dependents {
  private final Projects projects;

  public ProjectsAsUsers(Projects projects) {
    this.projects = projects;
  }

  @Override
  public Usage of(InstanceId instance, Actor asker) {
    return projects.using(instance, asker.id(), asker.administrator());
  }

  @Override
  public Usage of(UserId user, Actor asker) {
    return projects.usingThoseOf(user, asker.id(), asker.administrator());
  }

  @Override
  public List<String> release(UserId user, Instant now) {
    return projects.unbindFromThoseOf(user, now).stream().map(Object::toString).toList();
  }
}
