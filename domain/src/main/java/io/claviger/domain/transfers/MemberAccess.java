package io.claviger.domain.transfers;

/**
 * Decides which members of a project may use the project's service. The decision depends on the
 * project's owner.
 */
public enum MemberAccess {
  /** Every member may use the service. */
  ALL,
  /** Only members who may use the service even without the project. */
  WITH_OWN_USE,
  NONE;

  /**
   * Decides which members may use the service.
   *
   * @param ownsService whether the owner of the project also owns the service
   * @param holdsUse whether the owner of the project may use the service
   * @param mayReshare whether an unexpired share lets the project's owner pass on the use of the
   *     service
   */
  public static MemberAccess of(boolean ownsService, boolean holdsUse, boolean mayReshare) {
    if (ownsService || (holdsUse && mayReshare)) {
      return ALL;
    }
    return holdsUse ? WITH_OWN_USE : NONE;
  }

  /**
   * Whether a change to the given access takes the service from a member who may use it now.
   *
   * @param withOwnUse whether some member may use the service without the project
   * @param withoutOwnUse whether some member may use the service only through the project
   */
  public boolean shutsOut(MemberAccess after, boolean withOwnUse, boolean withoutOwnUse) {
    return (withOwnUse && admits(true) && !after.admits(true))
        || (withoutOwnUse && admits(false) && !after.admits(false));
  }

  /** Whether a change to the given access can give the service to a member who can't use it now. */
  public boolean letsIn(MemberAccess after) {
    return !admits(false) && after.admits(false);
  }

  private boolean admits(boolean ownUse) {
    return this == ALL || (this == WITH_OWN_USE && ownUse);
  }
}
