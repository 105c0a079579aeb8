package io.claviger.application.keys;

import io.claviger.application.keys.port.DeploymentKeys;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.KeyedInstance;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.keys.SealedKeys;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.KeyCandidates;
import io.claviger.domain.policy.KeyCandidates.KeyCandidate;
import io.claviger.domain.policy.KeyDecision;
import java.util.Optional;

/**
 * Decides which key a call uses, or collects the keys among which a {@link KeyDecision} chooses.
 */
public final class KeyDecisions {
  private final SecretOpener secrets;
  private final DeploymentKeys deploymentKeys;

  public KeyDecisions(SecretOpener secrets, DeploymentKeys deploymentKeys) {
    this.secrets = secrets;
    this.deploymentKeys = deploymentKeys;
  }

  /**
   * Collects the candidate keys without opening any stored value. Assumes that every stored value
   * can be opened. The caller opens the chosen value later.
   */
  public KeyCandidates untried(boolean mayUse, KeyedInstance instance, SealedKeys stored) {
    return untried(mayUse, instance, stored.userKey().isPresent(), stored.apiKey().isPresent());
  }

  /**
   * Collects the candidate keys when only the existence of stored keys is known. Assumes that every
   * stored key can be opened.
   *
   * @param userKey whether the caller has a key of their own
   * @param apiKey whether the instance stores a key
   */
  public KeyCandidates untried(
      boolean mayUse, KeyedInstance instance, boolean userKey, boolean apiKey) {
    return instance.keyCandidates(
        mayUse,
        userKey ? KeyCandidate.PRESENT : KeyCandidate.ABSENT,
        apiKey ? KeyCandidate.PRESENT : absent(instance),
        deploymentKeys.has(instance.provider()),
        true);
  }

  /**
   * Decides which key a call would use, for code that reports the decision. Opens only the value
   * that the call would use. If this value can't be opened, no other value is used in its place. A
   * decision about the keys that {@link #tried} returns would have the same result.
   *
   * @param caller the user who stored the user key
   */
  public KeyDecision decide(
      boolean mayUse, KeyedInstance instance, SealedKeys stored, User.Id caller) {
    KeyDecision untried = KeyDecision.decide(untried(mayUse, instance, stored));
    boolean opens =
        switch (untried) {
          case USER -> opens(secrets.userKey(instance, stored, caller));
          case CENTRAL -> opens(secrets.credential(instance, stored));
          case KEYLESS, DEPLOYMENT -> true;
          case NOT_PERMITTED,
              DISABLED,
              USER_API_KEY_REQUIRED,
              MISSING_API_KEY,
              KEY_UNUSABLE,
              CREDENTIAL_UNCONFIRMED ->
              false;
        };
    if (untried == KeyDecision.CENTRAL && !opens && instance.credential().kind().isConfirmed()) {
      return KeyDecision.CREDENTIAL_UNCONFIRMED;
    }
    boolean usable = opens && headersOpen(secrets.headers(instance, stored));
    return untried.source().isEmpty() || usable ? untried : KeyDecision.KEY_UNUSABLE;
  }

  /**
   * Collects the candidate keys for code that explains the choice of the key. Opens each stored
   * value to find out whether the value can be opened, and immediately wipes the opened value.
   *
   * @param caller the user who stored the user key
   */
  public KeyCandidates tried(
      boolean mayUse, KeyedInstance instance, SealedKeys stored, User.Id caller) {
    return instance.keyCandidates(
        mayUse,
        state(stored.userKey().isPresent(), secrets.userKey(instance, stored, caller)),
        credentialState(instance, stored),
        deploymentKeys.has(instance.provider()),
        headersOpen(secrets.headers(instance, stored)));
  }

  /**
   * Whether the stored secret or confirmation of the credential can be opened with the present
   * settings of the credential.
   */
  public boolean opensCredential(KeyedInstance instance, SealedKeys stored) {
    return opens(secrets.credential(instance, stored));
  }

  public boolean hasDeploymentKey(Provider provider) {
    return deploymentKeys.has(provider);
  }

  private KeyCandidate credentialState(KeyedInstance instance, SealedKeys stored) {
    KeyCandidate state = state(stored.apiKey().isPresent(), secrets.credential(instance, stored));
    boolean usable = state == KeyCandidate.PRESENT;
    return usable || !instance.credential().kind().isConfirmed() ? state : absent(instance);
  }

  private static KeyCandidate absent(KeyedInstance instance) {
    return instance.credential().kind().isConfirmed()
        ? KeyCandidate.UNCONFIRMED
        : KeyCandidate.ABSENT;
  }

  private static KeyCandidate state(boolean stored, Optional<Secret> opened) {
    boolean opens = opens(opened);
    return !stored ? KeyCandidate.ABSENT : opens ? KeyCandidate.PRESENT : KeyCandidate.UNUSABLE;
  }

  private static boolean opens(Optional<Secret> opened) {
    opened.ifPresent(Secret::close);
    return opened.isPresent();
  }

  private static boolean headersOpen(Optional<CustomHeaders> headers) {
    headers.ifPresent(CustomHeaders::close);
    return headers.isPresent();
  }
}
