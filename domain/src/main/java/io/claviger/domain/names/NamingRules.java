package io.claviger.domain.names;

import io.claviger.domain.WireNamed;
import java.util.Set;

/**
 * A service's rules for the names of its callers.
 *
 * @param adds the fields that are added to requests that lack them, because the provider is known
 *     to accept these fields
 */
public record NamingRules(PromptCache promptCache, Attribution attribution, Set<CallerField> adds) {
  /** The fields with which a provider separates caches. */
  private static final Set<CallerField> SEPARATING =
      Set.of(
          CallerField.PROMPT_CACHE_KEY,
          CallerField.USER_ID,
          CallerField.CACHE_SALT,
          CallerField.PROMPT_CACHE_ISOLATION_KEY);

  public NamingRules {
    adds = Set.copyOf(adds);
  }

  /** Whether the values that callers send in the given field are replaced. */
  public boolean replaces(CallerField field) {
    if (field.isStore() || field == CallerField.CONTINUATION_ID) {
      return true;
    }
    if (field == CallerField.USER_ID) {
      return attribution == Attribution.ON || promptCache == PromptCache.PER_CALLER;
    }
    return field.isIdentifier()
        ? attribution == Attribution.ON
        : promptCache == PromptCache.PER_CALLER;
  }

  /**
   * Whether the field is added to requests that lack it, provided that the operation accepts the
   * field. A field that also separates caches is not added if callers may choose whose cache they
   * use.
   */
  public boolean adds(CallerField field) {
    return replaces(field)
        && adds.contains(field)
        && (field != CallerField.USER_ID || promptCache == PromptCache.PER_CALLER);
  }

  public CacheSeparation cacheSeparation() {
    return SEPARATING.stream().anyMatch(this::adds) ? CacheSeparation.HINT : CacheSeparation.NONE;
  }

  /** How strictly callers are separated in the provider's prompt cache. */
  public enum CacheSeparation implements WireNamed {
    /**
     * Callers have separate cache names. A cache hit on another caller's prompt is unlikely, but
     * not impossible.
     */
    HINT,
    /**
     * Callers are not separated: a prompt can be found in the cache because another caller has sent
     * the same prompt.
     */
    NONE
  }
}
