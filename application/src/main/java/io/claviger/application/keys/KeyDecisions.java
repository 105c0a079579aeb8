package io.claviger.application.keys;

import io.claviger.application.keys.port.DeploymentKeys;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.KeyedInstance;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.keys.SealedKeys;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.KeyCandidates;
import io.claviger.domain.policy.KeyCandidates.Candidate;
import io.claviger.domain.policy.KeyDecision;
import java.util.Optional;

/** Gathers what the key decision depends on, for everybody who asks it. */
public final class KeyDecisions {
  private final SecretOpener secrets;
  private final DeploymentKeys deploymentKeys;

  public KeyDecisions(SecretOpener secrets, DeploymentKeys deploymentKeys) {
    this.secrets = secrets;
    this.deploymentKeys = deploymentKeys;
  }

  /**
   * For who is going to open what is decided on, and so finds out then whether it opens: everything
   * stored counts as usable.
   */
  public KeyCandidates untried(boolean mayUse, KeyedInstance instance, SealedKeys stored) {
    return instance.keyCandidates(
        mayUse,
        stored.userKey().isPresent() ? Candidate.PRESENT : Candidate.ABSENT,
        stored.apiKey().isPresent() ? Candidate.PRESENT : Candidate.ABSENT,
        deploymentKeys.has(instance.provider()),
        true);
  }

  /**
   * For who tells what a call would find: of what is stored only that is opened which a call would
   * use, since no other takes its place where it does not open. The same as the decision on {@link
   * #tried}.
   *
   * @param caller whose key the stored user key is
   */
  public KeyDecision decide(
      boolean mayUse, KeyedInstance instance, SealedKeys stored, UserId caller) {
    KeyDecision untried = KeyDecision.decide(untried(mayUse, instance, stored));
    boolean opens =
        switch (untried) {
          case USER -> opens(secrets.userKey(instance, stored, caller));
          case CENTRAL -> opens(secrets.apiKey(instance, stored));
          case KEYLESS, DEPLOYMENT -> true;
          case NOT_PERMITTED, DISABLED, USER_API_KEY_REQUIRED, MISSING_API_KEY, KEY_UNUSABLE ->
              false;
        };
    boolean usable = opens && headersOpen(secrets.headers(instance, stored));
    return untried.source().isEmpty() || usable ? untried : KeyDecision.KEY_UNUSABLE;
  }

  /**
   * For who explains what a call would find: everything stored is opened and wiped at once.
   *
   * @param caller whose key the stored user key is
   */
  public KeyCandidates tried(
      boolean mayUse, KeyedInstance instance, SealedKeys stored, UserId caller) {
    return instance.keyCandidates(
        mayUse,
        state(stored.userKey().isPresent(), secrets.userKey(instance, stored, caller)),
        state(stored.apiKey().isPresent(), secrets.apiKey(instance, stored)),
        deploymentKeys.has(instance.provider()),
        headersOpen(secrets.headers(instance, stored)));
  }

  public boolean hasDeploymentKey(Provider provider) {
    return deploymentKeys.has(provider);
  }

  private static Candidate state(boolean stored, Optional<Secret> opened) {
    boolean opens = opens(opened);
    return !stored ? Candidate.ABSENT : opens ? Candidate.PRESENT : Candidate.UNUSABLE;
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
