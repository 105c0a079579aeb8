package io.claviger.domain.policy;

import io.claviger.domain.WireNamed;

/**
 * Whether a user can call a service, in one word. The API, the console and the client show this one
 * state.
 */
public enum ServiceState implements WireNamed {
  /** There is a key for calls, and Claviger knows of nothing that would make calls fail. */
  READY,
  DISABLED,
  /** The user sees the service, but has no share that allows calls. */
  NOT_PERMITTED,
  /** There is no key for calls, or the key can't be used. */
  NO_KEY,
  /** The gateway is not allowed to connect to the endpoint. */
  DESTINATION_NOT_ALLOWED,
  /** The last call or check could not connect, or the last check got no answer in time. */
  UNREACHABLE,
  /** The provider rejected the key that a call would use, and has not accepted the key again. */
  KEY_REJECTED;

  /** The result of the last call or check of a service. */
  public enum LastContact {
    /** No failure is known that would also affect further calls. */
    NO_FAILURE,
    UNREACHABLE,
    KEY_REJECTED
  }

  /**
   * Decides the state.
   *
   * @param enabled whether the service may be called at all
   * @param key the decision about which key a call by the user would use
   * @param last the result of the last call or check with this key
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

  /** Returns the human-readable name, such as {@code key rejected}. */
  public String words() {
    return wireName().replace('_', ' ');
  }
}
