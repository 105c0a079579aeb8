package io.claviger.domain.sharing;

/** Which of the open connections of a service somebody sees, and may end. */
public enum ConnectionSight {
  ALL,
  OWN,
  NONE;

  /**
   * Decides what somebody sees: whoever gives shares of the service sees all, and who may use it
   * their own.
   *
   * @param mayManage whether their access token may do more than use services
   */
  public static ConnectionSight of(Relationship relationship, boolean mayManage) {
    Permission sharing = Permissions.may(relationship, Action.SHARE);
    if (mayManage && (sharing == Permission.GRANTED || sharing == Permission.WITHIN_OWN_BOUNDS)) {
      return ALL;
    }
    return Permissions.allows(relationship, Action.USE) ? OWN : NONE;
  }
}
