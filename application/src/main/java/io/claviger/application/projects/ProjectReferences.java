package io.claviger.application.projects;

import io.claviger.application.accounts.port.UserReferences;
import io.claviger.application.instances.port.InstanceReferences;
import io.claviger.application.projects.port.ProjectStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.References;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import java.time.Instant;
import java.util.List;

/** Finds the projects that prevent the deletion of an instance, or of a user who owns instances. */
public final class ProjectReferences implements InstanceReferences, UserReferences {
  private final ProjectStore projects;

  public ProjectReferences(ProjectStore projects) {
    this.projects = projects;
  }

  @Override
  public References of(Instance.Id instance, Actor asker) {
    return projects.using(instance, asker.id(), asker.administrator());
  }

  @Override
  public References of(User.Id user, Actor asker) {
    return projects.usingInstancesOf(user, asker.id(), asker.administrator());
  }

  @Override
  public List<String> release(User.Id user, Instant now) {
    return projects.unbindFromInstancesOf(user, now).stream().map(Object::toString).toList();
  }
}
