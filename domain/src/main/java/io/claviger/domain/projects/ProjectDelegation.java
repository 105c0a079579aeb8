package io.claviger.domain.projects;

import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;

/**
 * Whether a caller may use an instance through a project. Sharing a project does not share its
 * instance. The user who shared the instance with the project's owner decides whether others may
 * use the instance.
 */
public enum ProjectDelegation {
  ALLOWED,
  /**
   * The project's owner may no longer use the instance, so nobody can use it through the project.
   */
  REVOKED,
  /**
   * The caller may not use the instance themselves, and the project's owner may not pass on its
   * use.
   */
  NOT_PASSED_ON;

  /**
   * Decides whether a caller who may use the project may use its instance.
   *
   * @param caller the caller's relationship to the instance
   * @param owner the project owner's relationship to the instance
   * @param ownerMayReshare whether the owner's unexpired share lets the owner pass on the use
   */
  public static ProjectDelegation through(
      Relationship caller, Relationship owner, boolean ownerMayReshare) {
    if (!Permissions.allows(owner, Action.USE)) {
      return REVOKED;
    }
    boolean own = Permissions.allows(caller, Action.USE);
    return own || owner.owningUser() || ownerMayReshare ? ALLOWED : NOT_PASSED_ON;
  }
}
