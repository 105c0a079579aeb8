package io.claviger.domain.projects;

import io.claviger.domain.sharing.Role;

/** Decides who may do what with a project. No other code decides this. */
public final class ProjectPermissions {
  private ProjectPermissions() {}

  /**
   * The owning user may do everything. Administrators may see and delete, members may use, and
   * members who are writers may describe.
   *
   * @param standing the user's relationship to the project; projects have no owner role to share
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
