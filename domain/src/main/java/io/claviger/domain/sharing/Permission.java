package io.claviger.domain.sharing;

/** Whether somebody may take an action. */
public enum Permission {
  GRANTED,
  /**
   * The action is allowed within the bounds of the actor's own share; actors can't change their own
   * share.
   */
  WITHIN_OWN_BOUNDS,
  /** Only the removal of the actor's own share is allowed. */
  LEAVE_ONLY,
  DENIED
}
