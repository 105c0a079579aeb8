package io.claviger.domain.transfers;

/** Which members of a project may use the service behind it, because of who owns the project. */
public enum MemberAccess {
  /** Every member. */
  ALL,
  /** The members who hold use of the service themselves. */
  WITH_OWN_USE,
  NONE;

  /**
   * Says who passes.
   *
   * @param ownsService whether the project's owner owns the service
   * @param holdsUse whether the project's owner may use the service
   * @param mayReshare whether the owner's unexpired share lets them pass the use on
   */
  public static MemberAccess of(boolean ownsService, boolean holdsUse, boolean mayReshare) {
    if (ownsService || (holdsUse && mayReshare)) {
      return ALL;
    }
    return holdsUse ? WITH_OWN_USE : NONE;
  }

  /**
   * Whether a member who passes now would not pass any more.
   *
   * @param withOwnUse whether there is a member who holds use of the service themselves
   * @param withoutOwnUse whether there is a member who does not
   */
  public boolean shutsOut(MemberAccess after, boolean withOwnUse, boolean withoutOwnUse) {
    return (withOwnUse && admits(true) && !after.admits(true))
        || (withoutOwnUse && admits(false) && !after.admits(false));
  }

  private boolean admits(boolean ownUse) {
    return this == ALL || (this == WITH_OWN_USE && ownUse);
  }
}
