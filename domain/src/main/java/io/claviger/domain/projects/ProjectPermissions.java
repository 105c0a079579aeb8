package io.claviger.domain.projects;

import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.sharing.Role;

/** Decides which actions a user may take on a project. No other code makes this decision. */
public final class ProjectPermissions {
  private ProjectPermissions() {}

  /**
   * The owning user may do everything. Administrators may see and delete a project. Members may use
   * the project. Members who are writers may also change the project's description. Everybody may
   * see and use a project that is open to everybody.
   *
   * @param relationship the user's relationship to the project; no member can have the role {@code
   *     owner}
   */
  public static boolean allows(ProjectRelationship relationship, ProjectAction action) {
    if (relationship.owningUser()) {
      return action != ProjectAction.LEAVE;
    }
    boolean member = relationship.role().isPresent();
    boolean writer = relationship.role().filter(r -> r.atLeast(Role.WRITER)).isPresent();
    return switch (action) {
      case SEE -> member || relationship.open() || relationship.administrator();
      case USE -> member || relationship.open();
      case SEE_STORED, LEAVE -> member;
      case DESCRIBE -> writer;
      case SEE_MEMBERS -> writer || relationship.administrator();
      case DELETE -> relationship.administrator();
      case BIND, SHARE -> false;
    };
  }

  /** Returns the action that a user must be allowed to take in order to change a field. */
  public static ProjectAction toChange(ScalarField<?> field) {
    return field == CommonFields.DESCRIPTION || field == CommonFields.METADATA
        ? ProjectAction.DESCRIBE
        : ProjectAction.BIND;
  }
}
