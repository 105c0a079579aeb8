package io.claviger.domain.sharing;

/** Whether somebody may do something. */
public enum Permission {
  GRANTED,
  /** Allowed within the bounds of their own share, which they can't change. */
  WITHIN_OWN_BOUNDS,
  /** They may only remove their own share. */
  LEAVE_ONLY,
  DENIED
}
