package io.claviger.domain.models;

import io.claviger.domain.policy.KeyDecision;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a user without a key of their own and without a share can run an entry of the catalogue.
 */
public enum ModelStatus {
  RUNNABLE,
  DISABLED,
  INSTANCE_DISABLED,
  /** The entry is unbound, and its provider has no enabled system-level service. */
  NO_INSTANCE,
  /** Its service is lent: only those who hold a share can run it. */
  SHARE_REQUIRED,
  /** Only users who have stored a key of their own can run it. */
  USER_API_KEY_REQUIRED,
  /**
   * No key is stored, or the stored key can't be decrypted, or where the credential is used is not
   * confirmed.
   */
  MISSING_API_KEY;

  /**
   * @param decision the key decision for the service that the entry runs on; empty when there is no
   *     such service
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
   * The status for users without a share of the service. What keeps everybody from running the
   * entry is said first.
   *
   * @param permitted whether they may use the service
   */
  public ModelStatus withoutShare(boolean permitted) {
    return this == RUNNABLE && !permitted ? SHARE_REQUIRED : this;
  }

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
