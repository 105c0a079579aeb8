package io.claviger.domain.names;

import io.claviger.domain.WireNamed;

/** The degree to which callers are separated in the provider's prompt cache. */
public enum CacheSeparation implements WireNamed {
  /**
   * Callers have separate cache names. A cache hit by another caller is unlikely, but not
   * impossible.
   */
  HINT,
  /** A caller's prompt may be found in the cache because another caller sent the same prompt. */
  NONE
}
