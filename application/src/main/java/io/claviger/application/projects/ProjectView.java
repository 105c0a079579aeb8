package io.claviger.application.projects;

import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.InstanceAccess;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.ProjectRelationship;
import io.claviger.domain.sharing.Role;
import java.util.Optional;

/**
 * A project as one caller sees it.
 *
 * @param relationship the caller's relationship to it
 * @param service the service that it is bound to; empty if there is none or the caller can't see it
 * @param access whether the service can be used through the project; empty if it is bound to none
 */
public record ProjectView(
    Project project,
    ProjectRelationship relationship,
    Optional<Instance.Ref> service,
    Optional<InstanceAccess> access) {
  /** The role that is shown to the caller; empty for an administrator who is no member. */
  public Optional<Role> role() {
    return relationship.shownRole();
  }
}
