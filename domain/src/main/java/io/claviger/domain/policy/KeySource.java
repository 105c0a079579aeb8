package io.claviger.domain.policy;

import io.claviger.domain.WireNamed;
import java.util.Locale;

/** Where the key of a call comes from. */
public enum KeySource implements WireNamed {
  USER,
  CENTRAL,
  DEPLOYMENT,
  /** The provider needs no key. */
  KEYLESS;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The stored and shown name, such as {@code user}. */
  @Override
  public String wireName() {
    return wireName;
  }
}
