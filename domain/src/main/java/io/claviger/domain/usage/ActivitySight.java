package io.claviger.domain.usage;

/** The running calls that somebody may see. */
public enum ActivitySight {
  /** Their own calls. */
  OWN,
  /** Their own calls, and calls to their services and projects. */
  OWNED,
  /** Everybody's calls. */
  ALL;

  /**
   * Decides which running calls somebody may see.
   *
   * @param mayManage whether their access token may do more than use services
   */
  public static ActivitySight of(boolean administrator, boolean mayManage) {
    if (!mayManage) {
      return OWN;
    }
    return administrator ? ALL : OWNED;
  }
}
