package io.claviger.application.projects;

import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.InstanceAccess;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.ProjectRelationship;
import io.claviger.domain.sharing.Role;
import java.util.Optional;

/**
 * A project as a caller sees it.
 *
 * @param relationship the caller's relationship to the project
 * @param service the service of the project; empty if the project has no service, or if the caller
 *     can't see it
 * @param access whether calls through the project can use the service; empty if the project has no
 *     service
 */
public record ProjectView(
    Project project,
    ProjectRelationship relationship,
    Optional<Instance.Ref> service,
    Optional<InstanceAccess> access) {
  /**
   * Returns the role that is shown to the caller; empty if the caller is an administrator who is
   * not a member.
   */
  public Optional<Role> role() {
    return relationship.shownRole();
  }
}
