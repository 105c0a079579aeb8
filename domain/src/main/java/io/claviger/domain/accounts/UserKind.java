package io.claviger.domain.accounts;

/** What a user is. It never changes. */
public enum UserKind {
  /** Somebody who can sign in. */
  PERSON,
  /**
   * A service account: a program. It can't sign in, is never an administrator, and always has a
   * person or group that is responsible for it.
   */
  SERVICE
}
