package io.claviger.domain.sharing;

/** Which open connections of a service a user can see and may end. */
public enum ConnectionSight {
  ALL,
  OWN,
  NONE;

  /**
   * Decides which open connections somebody can see. Users who may give shares of the service see
   * all connections. Users who may use the service see their own connections.
   *
   * @param mayManage whether the user's access token allows more than using services
   */
  public static ConnectionSight of(Relationship relationship, boolean mayManage) {
    Permission sharing = Permissions.may(relationship, Action.SHARE);
    if (mayManage && (sharing == Permission.GRANTED || sharing == Permission.WITHIN_OWN_BOUNDS)) {
      return ALL;
    }
    return Permissions.allows(relationship, Action.USE) ? OWN : NONE;
  }
}
