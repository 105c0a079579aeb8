package io.claviger.domain.formats;

/** What a provider states by an error. */
public enum ErrorMeaning {
  /** The key that the call was made with is not accepted. */
  KEY_INVALID,
  /** The account has no credit left. */
  CREDIT_EXHAUSTED,
  /** Anything else, or nothing. */
  OTHER
}
