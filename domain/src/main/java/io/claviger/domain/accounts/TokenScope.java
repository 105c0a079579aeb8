package io.claviger.domain.accounts;

/** The most that a token may do. Its user's rights limit it as well. */
public enum TokenScope {
  /** Allows everything that its user may do. */
  MANAGE,
  /** Allows calls through the gateway and reading what the user may use. Allows no changes. */
  USE;

  /**
   * Whether a token of this scope may create one of the other scope. No token creates one that may
   * do more than itself.
   */
  public boolean mayCreate(TokenScope other) {
    return this == MANAGE || other == USE;
  }
}
