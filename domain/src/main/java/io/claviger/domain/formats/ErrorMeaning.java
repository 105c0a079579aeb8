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
  /**
   * The provider can't add a part to the answer that the member {@code include} of the request asks
   * for.
   */
  INCLUDE_REFUSED,
  /** The error has a meaning that is not listed here, or an unknown meaning. */
  OTHER;

  /** Whether the same request might succeed with another account of the same provider. */
  public boolean isOfAccount() {
    return this == KEY_INVALID || this == CREDIT_EXHAUSTED;
  }
}
