package io.claviger.domain.projects;

import io.claviger.domain.accounts.User;
import io.claviger.domain.sharing.Role;
import java.util.Optional;

/**
 * A user's relationship to a project.
 *
 * @param role the role of their membership
 */
public record ProjectRelationship(boolean owningUser, Optional<Role> role, boolean administrator) {
  public static ProjectRelationship of(
      User.Id user, boolean administrator, User.Id owner, Optional<Role> membership) {
    return new ProjectRelationship(user.equals(owner), membership, administrator);
  }

  /** The role that is shown to the user. Empty for an administrator who is not a member. */
  public Optional<Role> shownRole() {
    return owningUser ? Optional.of(Role.OWNER) : role;
  }
}
