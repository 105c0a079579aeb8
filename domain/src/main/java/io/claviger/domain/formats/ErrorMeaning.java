package io.claviger.domain.formats;

/** The meaning of a provider's error. */
public enum ErrorMeaning {
  /** The provider does not accept the key of the call. */
  KEY_INVALID,
  /** The account has no credit left. */
  CREDIT_EXHAUSTED,
  /**
   * The account has reached a rate limit or quota of the provider, or this call alone exceeds such
   * a limit.
   */
  PACE,
  /** The provider can't include something that the member {@code include} requests. */
  INCLUDE_REFUSED,
  /** The error has any other meaning, or an unknown one. */
  OTHER;

  /** Whether the same request might succeed with another account of the same provider. */
  public boolean isOfAccount() {
    return this == KEY_INVALID || this == CREDIT_EXHAUSTED;
  }
}
