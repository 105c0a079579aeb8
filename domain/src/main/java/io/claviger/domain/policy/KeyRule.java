package io.claviger.domain.policy;

import static io.claviger.domain.policy.KeyCandidates.KeyCandidate.ABSENT;
import static io.claviger.domain.policy.KeyCandidates.KeyCandidate.UNCONFIRMED;
import static io.claviger.domain.policy.KeyCandidates.KeyCandidate.UNUSABLE;

import org.jspecify.annotations.Nullable;

/**
 * A rule of the key decision. The rules are tried in the order of this enum, and the first rule
 * that applies decides. The last rule always applies.
 */
public enum KeyRule implements CallExplanation.Rule {
  USE("The user may use the service.", "The user may not use the service.") {
    @Override
    @Nullable KeyDecision judge(KeyCandidates given) {
      return given.mayUse() ? null : KeyDecision.NOT_PERMITTED;
    }
  },
  ENABLED("The service is enabled.", "The service is disabled.") {
    @Override
    @Nullable KeyDecision judge(KeyCandidates given) {
      return given.enabled() ? null : KeyDecision.DISABLED;
    }
  },
  KEYLESS(
      "The service needs a key.",
      "The service needs no key; calls are sent with the custom headers only.") {
    @Override
    @Nullable KeyDecision judge(KeyCandidates given) {
      return given.keyless() ? requireHeaders(KeyDecision.KEYLESS, given) : null;
    }
  },
  USER_KEY(
      "Users' own keys are off, or the user has stored no key for this service.",
      "Users' own keys are on, and the user has stored a key for this service."
          + " No other key takes its place.") {
    @Override
    @Nullable KeyDecision judge(KeyCandidates given) {
      if (!given.policy().userKeys() || given.userKey() == ABSENT) {
        return null;
      }
      return given.userKey() == UNUSABLE
          ? KeyDecision.KEY_UNUSABLE
          : requireHeaders(KeyDecision.USER, given);
    }
  },
  FALLBACK(
      "A key other than the user's own may be used.",
      "Users' own keys are on and there is no fallback: the user has to store a key.") {
    @Override
    @Nullable KeyDecision judge(KeyCandidates given) {
      return given.policy().userKeys() && !given.policy().fallbackToCentral()
          ? KeyDecision.USER_API_KEY_REQUIRED
          : null;
    }
  },
  CENTRAL_KEY(
      "The central key is off, or the service has no stored key.",
      "The central key is on, and the service has a stored key. No other key takes its place.") {
    @Override
    @Nullable KeyDecision judge(KeyCandidates given) {
      if (!given.policy().centralKey() || given.centralKey() == ABSENT) {
        return null;
      }
      if (given.centralKey() == UNCONFIRMED) {
        return KeyDecision.CREDENTIAL_UNCONFIRMED;
      }
      return given.centralKey() == UNUSABLE
          ? KeyDecision.KEY_UNUSABLE
          : requireHeaders(KeyDecision.CENTRAL, given);
    }
  },
  DEPLOYMENT_KEY(
      "No deployment key may be sent here. Either the central key is off, or the service is not a"
          + " system-level one at its provider's default destination, or the operator configured no"
          + " deployment key.",
      "The operator configured a key for this provider, and the service is a system-level one at"
          + " its default destination.") {
    @Override
    @Nullable KeyDecision judge(KeyCandidates given) {
      return given.policy().centralKey() && given.deploymentKey()
          ? requireHeaders(KeyDecision.DEPLOYMENT, given)
          : null;
    }
  },
  NOTHING_LEFT("", "There is no other key that a call could use.") {
    @Override
    KeyDecision judge(KeyCandidates given) {
      return KeyDecision.MISSING_API_KEY;
    }
  };

  /**
   * The rules, in the order in which they are tried. The rules are in a constant because {@code
   * values()} would copy the array for every call.
   */
  static final KeyRule[] IN_ORDER = values();

  private final String passes;
  private final String decides;

  KeyRule(String passes, String decides) {
    this.passes = passes;
    this.decides = decides;
  }

  /**
   * @return the decision; null if this rule does not apply and the next rule is tried
   */
  abstract @Nullable KeyDecision judge(KeyCandidates given);

  String why(boolean applies) {
    return applies ? decides : passes;
  }

  /**
   * Returns the decision for a source of keys. If the custom headers can't be decrypted, no call is
   * made, because they have to be sent with the key.
   */
  private static KeyDecision requireHeaders(KeyDecision source, KeyCandidates given) {
    return given.headersOpen() ? source : KeyDecision.KEY_UNUSABLE;
  }
}
