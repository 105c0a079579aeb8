package io.claviger.domain.names;

import io.claviger.domain.WireNamed;

/** How strictly callers are separated in the provider's prompt cache. */
public enum CacheSeparation implements WireNamed {
  /**
   * Callers have separate cache names. A cache hit on another caller's prompt is unlikely, but not
   * impossible.
   */
  HINT,
  /**
   * Callers are not separated: a prompt can be found in the cache because another caller has sent
   * the same prompt.
   */
  NONE
}
