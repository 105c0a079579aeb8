package io.claviger.domain.names;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;

/** The setting that decides whether callers share the provider's prompt cache. */
public enum PromptCache implements WireNamed {
  /** Each caller gets a cache name of their own. */
  PER_CALLER,
  /** Callers choose their cache names. All callers who send no cache name share one cache. */
  SHARED;

  /**
   * @throws InvalidValue if the text is not one of the allowed values; the exception lists the
   *     allowed values
   */
  public static PromptCache of(String text) {
    return WireNamed.of(values(), text, "prompt_cache");
  }
}
