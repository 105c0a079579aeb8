package io.claviger.domain.policy;

import java.util.Locale;

/** Why a call finds no key. */
public enum NoKeyReason {
  NOT_PERMITTED,
  DISABLED,
  USER_API_KEY_REQUIRED,
  MISSING_API_KEY,
  /** The key that is stored does not open where it stands; no other takes its place. */
  KEY_UNUSABLE;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** As it is stored and shown: {@code missing_api_key}. */
  public String wireName() {
    return wireName;
  }
}
