package io.claviger.domain.formats;

/** The meaning of a provider's error. */
public enum ErrorMeaning {
  /** The provider does not accept the key of the call. */
  KEY_INVALID,
  /** The account has no credit left. */
  CREDIT_EXHAUSTED,
  /**
   * The account has reached a rate limit or quota of the provider, or this call alone exceeds it.
   */
  PACE,
  /**
   * In {@code include}, the request asks for a part of the answer that the provider can't provide.
   */
  INCLUDE_REFUSED,
  /**
   * A content filter refused the prompt. The provider bills the prompt, because the filter has read
   * it. The model might also have begun to answer (learn.microsoft.com about content streaming).
   */
  PROMPT_FILTERED,
  /** The error has another meaning, or its meaning is unknown. */
  OTHER;

  /** Whether the same request might succeed with another account at the same provider. */
  public boolean isOfAccount() {
    return this == KEY_INVALID || this == CREDIT_EXHAUSTED;
  }
}
