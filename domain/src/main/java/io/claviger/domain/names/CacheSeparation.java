package io.claviger.domain.names;

import io.claviger.domain.WireNamed;

/** The degree to which callers are separated in the provider's prompt cache. */
public enum CacheSeparation implements WireNamed {
  /**
   * Callers have separate cache names. A cache hit by another caller is unlikely, but not
   * impossible.
   */
  HINT,
  /** A caller may get cache hits for another caller's prompts. */
  NONE
}
