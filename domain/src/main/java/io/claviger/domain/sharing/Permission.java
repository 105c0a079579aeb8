package io.claviger.domain.sharing;

/** The answer to whether somebody may do something. */
public enum Permission {
  GRANTED,
  /** As far as it stays within the bounds of their own share, which they can't change. */
  WITHIN_OWN_BOUNDS,
  /** They may end their own share, no more. */
  LEAVE_ONLY,
  DENIED
}
