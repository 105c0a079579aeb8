package io.claviger.domain.formats;

/** What a provider states by an error. */
public enum ErrorMeaning {
  /** The provider does not accept the key of the call. */
  KEY_INVALID,
  /** The account has no credit left. */
  CREDIT_EXHAUSTED,
  /** The account has used up what the provider allows for now, or the call needs more than that. */
  PACE,
  /** The provider can't add to its answer what {@code include} asks for. */
  INCLUDE_REFUSED,
  /** Anything else, or nothing. */
  OTHER;

  /** Whether another account of the same provider might answer the same request. */
  public boolean isOfAccount() {
    return this == KEY_INVALID || this == CREDIT_EXHAUSTED;
  }
}
