package io.claviger.domain.policy;

import java.util.Locale;

/** Whose key a call uses. */
public enum KeySource {
  USER,
  CENTRAL,
  DEPLOYMENT,
  /** The provider asks for none. */
  KEYLESS;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** As it is stored and shown: {@code user}. */
  public String wireName() {
    return wireName;
  }
}
