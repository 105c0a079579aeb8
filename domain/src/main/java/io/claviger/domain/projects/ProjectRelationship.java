package io.claviger.domain.projects;

import io.claviger.domain.accounts.User;
import io.claviger.domain.sharing.Role;
import java.util.Optional;

/**
 * A user's relationship to a project.
 *
 * @param role the role of the user's membership; empty if the user is not a member
 * @param open whether the project is open to everybody now
 */
public record ProjectRelationship(
    boolean owningUser, Optional<Role> role, boolean administrator, boolean open) {

  public static ProjectRelationship of(
      User.Id user, boolean administrator, User.Id owner, Optional<Role> membership, boolean open) {
    return new ProjectRelationship(user.equals(owner), membership, administrator, open);
  }

  /**
   * Returns the role that is shown to the user. Empty for an administrator who is not a member, if
   * the project is only for its members.
   */
  public Optional<Role> shownRole() {
    if (owningUser) {
      return Optional.of(Role.OWNER);
    }
    return role.or(() -> open ? Optional.of(Role.READER) : Optional.empty());
  }
}
