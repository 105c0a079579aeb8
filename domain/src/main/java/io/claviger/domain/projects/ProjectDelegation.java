package io.claviger.domain.projects;

import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;

/**
 * Whether the use of an instance passes through a project to a caller. Sharing a project does not
 * share its instance: what may be passed on is what its lender said.
 */
public enum ProjectDelegation {
  ALLOWED,
  /** The project's owner can't use the instance any more: nobody can through the project. */
  REVOKED,
  /** The caller holds no use of their own, and the owner was not allowed to pass theirs on. */
  NOT_PASSED_ON;

  /**
   * For somebody who may use the project.
   *
   * @param caller how the caller stands towards the instance
   * @param owner how the project's owner does
   * @param ownerMayReshare the owner's unexpired share says so
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
