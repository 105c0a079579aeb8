package io.claviger.domain.sharing;

/** What can be done with an instance, as far as permission tells it apart. */
public enum Action {
  SEE,
  /**
   * Call it, check its connection, bind it to an own project, store an own key, choose it as own
   * default.
   */
  USE,
  /**
   * Display name, description, model, dimensions, context limit, timeout, the definition it refers
   * to.
   */
  DESCRIBE,
  /** Enable and disable. */
  SWITCH,
  /** Endpoint, provider, API standard, organization, custom headers, key policy, limits. */
  CONFIGURE,
  SET_KEY,
  CLEAR_KEY,
  SEE_SHARES,
  /** Give, change and end reader and writer shares. */
  SHARE,
  /** Give, change and end owner shares. */
  SHARE_OWNERSHIP,
  DELETE
}
