package io.claviger.domain.policy;

import java.util.Locale;

/** Why a call finds no key. */
public enum NoKeyReason {
  NOT_PERMITTED,
  DISABLED,
  USER_API_KEY_REQUIRED,
  MISSING_API_KEY,
  /** The stored key can't be decrypted. No other key is used instead. */
  KEY_UNUSABLE,
  /** The owner has not confirmed where a credential without a secret is used. */
  CREDENTIAL_UNCONFIRMED;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The stored and shown name, such as {@code missing_api_key}. */
  public String wireName() {
    return wireName;
  }
}
