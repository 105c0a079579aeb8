package io.claviger.domain.models;

import io.claviger.domain.policy.KeyDecision;
import java.util.Locale;
import java.util.Optional;

/** Whether an entry of the catalogue can be run by a user who has no key of their own. */
public enum ModelStatus {
  RUNNABLE,
  /** The entry itself is. */
  DISABLED,
  /** The service that it is bound to is. */
  INSTANCE_DISABLED,
  /** Unbound, and its provider has no enabled system-level service. */
  NO_INSTANCE,
  /** It runs for those who store a key of their own. */
  USER_API_KEY_REQUIRED,
  /** There is no key, or the one that is stored does not open. */
  MISSING_API_KEY;

  /**
   * @param decision the key decision on the service it runs on; empty when there is none
   */
  public static ModelStatus of(boolean enabled, Optional<KeyDecision> decision) {
    if (!enabled) {
      return DISABLED;
    }
    if (decision.isEmpty()) {
      return NO_INSTANCE;
    }
    return switch (decision.get()) {
      case KEYLESS, USER, CENTRAL, DEPLOYMENT -> RUNNABLE;
      case DISABLED -> INSTANCE_DISABLED;
      case USER_API_KEY_REQUIRED -> USER_API_KEY_REQUIRED;
      case MISSING_API_KEY, KEY_UNUSABLE, NOT_PERMITTED -> MISSING_API_KEY;
    };
  }

  /** As it stands in JSON: {@code no_instance}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
