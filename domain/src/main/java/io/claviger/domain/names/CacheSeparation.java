package io.claviger.domain.names;

import java.util.Locale;

/** How well the provider's prompt cache is separated by callers. */
public enum CacheSeparation {
  /** Callers have separate cache names. A hit by another caller is unlikely, not impossible. */
  HINT,
  /** A prompt of one caller may be found in the cache by another. */
  NONE;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
