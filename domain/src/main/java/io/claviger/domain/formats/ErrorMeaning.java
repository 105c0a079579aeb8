package io.claviger.domain.formats;

/** What a provider states by an error. */
public enum ErrorMeaning {
  /** The provider does not accept the key of the call. */
  KEY_INVALID,
  /** The account has no credit left. */
  CREDIT_EXHAUSTED,
  /** Anything else, or nothing. */
  OTHER
}
