package io.claviger.domain.accounts;

/** What a token may do at most; its user's rights are the other bound. */
public enum TokenScope {
  /** Everything its user may do. */
  MANAGE,
  /** The gateway, and reading what one may use; writes nothing. */
  USE;

  /**
   * Whether a token of this scope may create one of the other: none creates one that may do more.
   */
  public boolean mayCreate(TokenScope other) {
    return this == MANAGE || other == USE;
  }
}
