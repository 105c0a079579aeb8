package io.claviger.domain.sharing;

/** Whether a user may take an action. */
public enum Permission {
  GRANTED,
  /**
   * The action is allowed within the bounds of the user's own share. The user can't change that
   * share.
   */
  WITHIN_OWN_BOUNDS,
  /** The user may only remove their own share. */
  LEAVE_ONLY,
  DENIED
}
