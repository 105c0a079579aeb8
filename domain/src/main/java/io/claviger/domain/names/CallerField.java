package io.claviger.domain.names;

import io.claviger.domain.WireNamed;

/**
 * The fields of a request that tell the provider who calls, or that make the provider store the
 * call. The gateway writes its own values into these fields.
 */
public enum CallerField implements WireNamed {
  /** The field that says whether the provider stores a response. */
  RESPONSE_STORE("store"),
  /** The field that says whether the provider stores a chat completion. */
  CHAT_STORE("store"),
  /** The field that says whether the provider stores a request of Gemini's API and its answer. */
  CONTENT_STORE("store"),
  PROMPT_CACHE_KEY("prompt_cache_key"),
  SAFETY_IDENTIFIER("safety_identifier"),
  METADATA_USER_ID("metadata.user_id"),
  /** DeepSeek's field, which separates caches and identifies the caller. */
  USER_ID("user_id"),
  /** The field by which vLLM and similar servers separate caches. */
  CACHE_SALT("cache_salt"),
  /** The field with an additional part of SGLang's cache salt. Few requests contain it. */
  EXTRA_KEY("extra_key"),
  /** The field by which Fireworks separates caches. */
  PROMPT_CACHE_ISOLATION_KEY("prompt_cache_isolation_key"),
  /**
   * The field by which routers send all calls of the same session to the same cache. Few requests
   * contain it.
   */
  SESSION_ID("session_id"),
  /** The field by which OpenAI finds the earlier requests of the same work in the background. */
  CONTINUATION_ID("background_options.continuation_id"),
  /**
   * The old field for the caller. The gateway never adds this field, because the safety identifier
   * and the cache key have replaced it.
   */
  USER("user");

  private final String wireName;

  CallerField(String wireName) {
    this.wireName = wireName;
  }

  /**
   * Returns the name of the member in the outermost object. For a nested member, returns the names
   * of all members on the path to it, with dots between them.
   */
  @Override
  public String wireName() {
    return wireName;
  }

  /** Whether the field is a member of an object that is itself a member of the request. */
  public boolean isNested() {
    return wireName.indexOf('.') >= 0;
  }

  /** Returns the name of the request's member that is the field, or that contains the field. */
  public String outerName() {
    return isNested() ? wireName.substring(0, wireName.indexOf('.')) : wireName;
  }

  /** Returns the field's own name, without the name of the object that contains the field. */
  public String innerName() {
    return wireName.substring(wireName.indexOf('.') + 1);
  }

  /** Whether this is one of the fields that decide whether the provider stores the result. */
  public boolean isStore() {
    return this == RESPONSE_STORE || this == CHAT_STORE || this == CONTENT_STORE;
  }

  /**
   * Whether it is useful to add the field to requests that lack it. The answer assumes that the
   * provider accepts the field.
   */
  public boolean mayBeAdded() {
    return this != USER && this != SESSION_ID && this != EXTRA_KEY && this != CONTINUATION_ID;
  }

  /** Whether the field identifies the person who calls. */
  public boolean isIdentifier() {
    return this == SAFETY_IDENTIFIER || this == METADATA_USER_ID || this == USER;
  }
}
