package io.claviger.domain.usage;

/** The running calls that a user may see. */
public enum ActivitySight {
  /** The viewer's own calls. */
  OWN,
  /** The viewer's own calls, and all calls to services and projects that the viewer owns. */
  OWNED,
  /** Everybody's calls. */
  ALL;

  /**
   * Decides which running calls a user may see.
   *
   * @param mayManage whether the user's access token allows more than using services
   */
  public static ActivitySight of(boolean administrator, boolean mayManage) {
    if (!mayManage) {
      return OWN;
    }
    return administrator ? ALL : OWNED;
  }
}
