package io.claviger.domain.usage;

/** The running calls that somebody may see. */
public enum ActivitySight {
  /** The viewer's own calls. */
  OWN,
  /** The viewer's own calls, and calls to the viewer's services and projects. */
  OWNED,
  /** Everybody's calls. */
  ALL;

  /**
   * Decides which running calls somebody may see.
   *
   * @param mayManage whether the access token of that person may do more than use services
   */
  public static ActivitySight of(boolean administrator, boolean mayManage) {
    if (!mayManage) {
      return OWN;
    }
    return administrator ? ALL : OWNED;
  }
}
