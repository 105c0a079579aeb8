package io.claviger.domain.projects;

import io.claviger.domain.sharing.Role;

/** The one function that says who may do what with a project. */
public final class ProjectPermissions {
  private ProjectPermissions() {}

  /**
   * The owning user does everything, administrators see and delete, members use, and writers among
   * them describe.
   *
   * @param standing towards the project; projects have no owner role to share
   */
  public static boolean allows(ProjectRelationship standing, ProjectAction action) {
    if (standing.owningUser()) {
      return action != ProjectAction.LEAVE;
    }
    boolean member = standing.role().isPresent();
    boolean writer = standing.role().filter(r -> r.atLeast(Role.WRITER)).isPresent();
    return switch (action) {
      case SEE -> member || standing.administrator();
      case USE, LEAVE -> member;
      case DESCRIBE -> writer;
      case SEE_MEMBERS -> writer || standing.administrator();
      case DELETE -> standing.administrator();
      case BIND, SHARE -> false;
    };
  }
}
