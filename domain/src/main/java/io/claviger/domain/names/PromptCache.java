package io.claviger.domain.names;

import io.claviger.domain.InvalidValue;
import java.util.Locale;

/** The setting that decides whether callers share the provider's prompt cache. */
public enum PromptCache {
  /** Each caller has a cache name of their own. */
  PER_CALLER,
  /** Callers choose the cache name, and all callers without a name share one cache. */
  SHARED;

  /**
   * @throws InvalidValue if the text is none of the values; the exception names them
   */
  public static PromptCache of(String text) {
    return switch (text) {
      case "per_caller" -> PER_CALLER;
      case "shared" -> SHARED;
      default -> throw new InvalidValue("prompt_cache", "per_caller or shared");
    };
  }

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
