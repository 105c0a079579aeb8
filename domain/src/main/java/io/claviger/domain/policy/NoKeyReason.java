package io.claviger.domain.policy;

import io.claviger.domain.WireNamed;
import java.util.Locale;

/** Why there is no key for a call. */
public enum NoKeyReason implements WireNamed {
  NOT_PERMITTED,
  DISABLED,
  USER_API_KEY_REQUIRED,
  MISSING_API_KEY,
  /** The stored key can't be decrypted. No other key is used instead. */
  KEY_UNUSABLE,
  /** The credential has no secret, and the owner has not confirmed the destination of its calls. */
  CREDENTIAL_UNCONFIRMED;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The stored and shown name, such as {@code missing_api_key}. */
  @Override
  public String wireName() {
    return wireName;
  }
}
