package io.claviger.domain.policy;

import java.util.Locale;

/**
 * Whether a user can call a service, in one word. The API, the console and the client show this one
 * state.
 */
public enum ServiceState {
  /** A call finds a key, and nothing is known that would make it fail. */
  READY,
  DISABLED,
  /** The user sees the service, but no share lets them use it. */
  NOT_PERMITTED,
  /** A call finds no key, or one that can't be used. */
  NO_KEY,
  /** The gateway does not connect to the endpoint. */
  DESTINATION_NOT_ALLOWED,
  /** The last call or check got no connection, or the last check no answer in time. */
  UNREACHABLE,
  /** The provider rejected the key that a call would use, and has not accepted it since. */
  KEY_REJECTED;

  /** What the last call or check of a service found. */
  public enum LastContact {
    /** No failure is known that would concern other calls too. */
    NO_FAILURE,
    UNREACHABLE,
    KEY_REJECTED
  }

  /**
   * Decides the state.
   *
   * @param enabled whether the service may be called at all
   * @param key which key a call of the user would use, or why it has none
   * @param last what the last call or check with that key found
   */
  public static ServiceState of(
      boolean enabled, KeyDecision key, CallQuestion.Reach destination, LastContact last) {
    if (!enabled) {
      return DISABLED;
    }
    if (key.source().isEmpty()) {
      return key == KeyDecision.NOT_PERMITTED ? NOT_PERMITTED : NO_KEY;
    }
    if (destination == CallQuestion.Reach.NOT_ALLOWED) {
      return DESTINATION_NOT_ALLOWED;
    }
    return switch (last) {
      case NO_FAILURE -> READY;
      case UNREACHABLE -> UNREACHABLE;
      case KEY_REJECTED -> KEY_REJECTED;
    };
  }

  /** The name in JSON: {@code key_rejected}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The name for people: {@code key rejected}. */
  public String words() {
    return wireName().replace('_', ' ');
  }
}
