package io.claviger.domain.transfers;

/** Decides which members of a project may use its service, depending on the project's owner. */
public enum MemberAccess {
  /** Every member may use the service. */
  ALL,
  /** Only members who may use the service even without the project may use the service. */
  WITH_OWN_USE,
  NONE;

  /**
   * Decides which members may use the service.
   *
   * @param ownsService whether the project's owner owns the service
   * @param holdsUse whether the project's owner may use the service
   * @param mayReshare whether the owner's unexpired share lets the owner pass on the use
   */
  public static MemberAccess of(boolean ownsService, boolean holdsUse, boolean mayReshare) {
    if (ownsService || (holdsUse && mayReshare)) {
      return ALL;
    }
    return holdsUse ? WITH_OWN_USE : NONE;
  }

  /**
   * Whether there is a member who may use the service now, but could not use it after the change.
   *
   * @param withOwnUse whether at least one member may use the service independently of the project
   * @param withoutOwnUse whether at least one member may use the service only through the project
   */
  public boolean shutsOut(MemberAccess after, boolean withOwnUse, boolean withoutOwnUse) {
    return (withOwnUse && admits(true) && !after.admits(true))
        || (withoutOwnUse && admits(false) && !after.admits(false));
  }

  /**
   * Whether there may be a member who can't use the service now, but could use it after the change.
   */
  public boolean letsIn(MemberAccess after) {
    return !admits(false) && after.admits(false);
  }

  private boolean admits(boolean ownUse) {
    return this == ALL || (this == WITH_OWN_USE && ownUse);
  }
}
