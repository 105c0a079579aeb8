package io.claviger.domain.policy;

/** Why a call finds no key. */
public enum NoKeyReason {
  NOT_PERMITTED,
  DISABLED,
  USER_API_KEY_REQUIRED,
  MISSING_API_KEY,
  /** The key that is stored does not open where it stands; no other takes its place. */
  KEY_UNUSABLE
}
