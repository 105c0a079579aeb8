package io.claviger.domain.sharing;

/** Whether somebody may take an action. */
public enum Permission {
  GRANTED,
  /** Allowed within the bounds of the actor's own share, which the actor can't change. */
  WITHIN_OWN_BOUNDS,
  /** Only the removal of the actor's own share is allowed. */
  LEAVE_ONLY,
  DENIED
}
