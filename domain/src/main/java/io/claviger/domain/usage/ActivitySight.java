package io.claviger.domain.usage;

/** Whose calls somebody sees while they run. */
public enum ActivitySight {
  /** Their own. */
  OWN,
  /** Their own, and those to their services and projects. */
  OWNED,
  /** Everybody's. */
  ALL;

  /**
   * Decides what somebody sees.
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
