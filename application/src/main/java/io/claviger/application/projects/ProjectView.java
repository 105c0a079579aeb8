package io.claviger.application.projects;

import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.InstanceAccess;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.ProjectRelationship;
import io.claviger.domain.sharing.Role;
import java.util.Optional;

/**
 * A project, with the facts about it that one caller sees.
 *
 * @param relationship the caller's relationship to the project
 * @param service the service to which the project is bound; empty if the project is not bound to a
 *     service, or if the caller can't see the service
 * @param access whether the service can be used through the project; empty if the project is not
 *     bound to a service
 */
public record ProjectView(
    Project project,
    ProjectRelationship relationship,
    Optional<Instance.Ref> service,
    Optional<InstanceAccess> access) {
  /**
   * Returns the role that is shown to the caller; empty for an administrator who is not a member.
   */
  public Optional<Role> role() {
    return relationship.shownRole();
  }
}
