package io.claviger.domain.names;

/**
 * The fields of a request that tell a provider who calls, or that make it keep what was called. The
 * gateway writes its own values into them.
 */
public enum CallerField {
  /** Whether the provider keeps a response. */
  RESPONSE_STORE("store"),
  /** Whether the provider keeps a chat completion. */
  CHAT_STORE("store"),
  /** Whether the provider keeps a request of Gemini's API and its answer. */
  CONTENT_STORE("store"),
  PROMPT_CACHE_KEY("prompt_cache_key"),
  SAFETY_IDENTIFIER("safety_identifier"),
  METADATA_USER_ID("metadata.user_id"),
  /** DeepSeek's. It separates caches, and tells who calls. */
  USER_ID("user_id"),
  /** Of vLLM and servers like it. It separates caches. */
  CACHE_SALT("cache_salt"),
  /** Fireworks' name of the same. */
  PROMPT_CACHE_ISOLATION_KEY("prompt_cache_isolation_key"),
  /** Routers send what has the same session to the same cache. Few requests have one. */
  SESSION_ID("session_id"),
  /** Its newer names are the safety identifier and the cache key, so it is never added. */
  USER("user");

  private final String wireName;

  CallerField(String wireName) {
    this.wireName = wireName;
  }

  /** The member of the outermost object; a dot stands between a member and one of its own. */
  public String wireName() {
    return wireName;
  }

  /** Whether the field says if the provider stores the result. */
  public boolean isStore() {
    return this == RESPONSE_STORE || this == CHAT_STORE || this == CONTENT_STORE;
  }

  /** Whether requests that lack the field are better off with it, if the provider takes it. */
  public boolean mayBeAdded() {
    return this != USER && this != SESSION_ID;
  }

  /** Whether the field names the person who calls. */
  public boolean isIdentifier() {
    return this == SAFETY_IDENTIFIER || this == METADATA_USER_ID || this == USER;
  }
}
