package io.claviger.domain.policy;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The key that a call uses, or the reason why the call has no key. Only {@link #decide} decides
 * this.
 */
public enum KeyDecision {
  KEYLESS(KeySource.KEYLESS, null),
  USER(KeySource.USER, null),
  CENTRAL(KeySource.CENTRAL, null),
  DEPLOYMENT(KeySource.DEPLOYMENT, null),
  NOT_PERMITTED(null, NoKeyReason.NOT_PERMITTED),
  DISABLED(null, NoKeyReason.DISABLED),
  USER_API_KEY_REQUIRED(null, NoKeyReason.USER_API_KEY_REQUIRED),
  MISSING_API_KEY(null, NoKeyReason.MISSING_API_KEY),
  KEY_UNUSABLE(null, NoKeyReason.KEY_UNUSABLE),
  CREDENTIAL_UNCONFIRMED(null, NoKeyReason.CREDENTIAL_UNCONFIRMED);

  private final Optional<KeySource> source;
  private final Optional<NoKeyReason> reason;

  KeyDecision(@Nullable KeySource source, @Nullable NoKeyReason reason) {
    this.source = Optional.ofNullable(source);
    this.reason = Optional.ofNullable(reason);
  }

  /** Returns where the key comes from; empty if there is no key. */
  public Optional<KeySource> source() {
    return source;
  }

  /** Returns why there is no key; empty if there is a key. */
  public Optional<NoKeyReason> reason() {
    return reason;
  }

  /**
   * Returns the name that users are shown: the name of the key's source or, without a key, the name
   * of the reason.
   */
  public String wireName() {
    return source
        .map(KeySource::wireName)
        .or(() -> reason.map(NoKeyReason::wireName))
        .orElseThrow();
  }

  /** Tries the rules in order and returns the decision of the first rule that applies. */
  public static KeyDecision decide(KeyCandidates given) {
    for (KeyRule rule : KeyRule.IN_ORDER) {
      KeyDecision decision = rule.judge(given);
      if (decision != null) {
        return decision;
      }
    }
    throw new IllegalStateException(
        "no rule applied, although the last rule applies to everything");
  }
}
