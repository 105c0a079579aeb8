package io.claviger.domain.policy;

import java.util.Locale;

/** The source of the key that a call uses. */
public enum KeySource {
  USER,
  CENTRAL,
  DEPLOYMENT,
  /** The provider needs no key. */
  KEYLESS;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The stored and shown name, such as {@code user}. */
  public String wireName() {
    return wireName;
  }
}
