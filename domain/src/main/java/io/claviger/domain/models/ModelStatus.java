package io.claviger.domain.models;

import io.claviger.domain.WireNamed;
import io.claviger.domain.policy.KeyDecision;
import java.util.Optional;

/**
 * Whether a user without a key of their own and without a share can call an entry of the catalogue.
 */
public enum ModelStatus implements WireNamed {
  RUNNABLE,
  DISABLED,
  INSTANCE_DISABLED,
  /** The entry is unbound, and its provider has no enabled system-level service. */
  NO_INSTANCE,
  /**
   * Not everybody may use the entry's service. Only users with a share of the service can run the
   * entry.
   */
  SHARE_REQUIRED,
  /** Only users with a stored key of their own can run the entry. */
  USER_API_KEY_REQUIRED,
  /**
   * No key is stored, the stored key can't be decrypted, or nobody has confirmed where the
   * credential is used.
   */
  MISSING_API_KEY;

  /**
   * @param decision the key decision for the service that runs the entry; empty if there is no such
   *     service
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
      case NOT_PERMITTED -> SHARE_REQUIRED;
      case MISSING_API_KEY, KEY_UNUSABLE, CREDENTIAL_UNCONFIRMED -> MISSING_API_KEY;
    };
  }

  /**
   * Returns the status for users without a share of the service. If there is a reason that keeps
   * everybody from running the entry, this reason is returned.
   *
   * @param permitted whether these users may use the service
   */
  public ModelStatus withoutShare(boolean permitted) {
    return this == RUNNABLE && !permitted ? SHARE_REQUIRED : this;
  }
}
