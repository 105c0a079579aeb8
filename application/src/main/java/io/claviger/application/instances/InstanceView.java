package io.claviger.application.instances;

import io.claviger.application.credentials.port.MintedStates.MintedState;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.CallQuestion.Reach;
import io.claviger.domain.policy.EffectiveLimits;
import io.claviger.domain.policy.LimitsInAll;
import io.claviger.domain.policy.ServiceState;
import io.claviger.domain.sharing.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * An instance as a certain caller sees it.
 *
 * @param role the caller's role; empty if the caller is an administrator without a role
 * @param hasEffectiveApiKey whether the caller's calls outside of projects have a key available or
 *     need no key; false if the gateway is known to refuse the destination
 * @param hasUserKey whether the caller has stored a key of their own for the instance
 * @param via the group whose share is used for the caller's calls; empty if the caller's own share
 *     is used or no share is needed
 * @param myLimits the combined limits of the service, the caller's share and the presented token
 * @param destination whether the gateway may connect to the instance's endpoint, if this is known
 * @param budgetsInAll the common budgets of all callers; empty if the caller may not see them
 * @param credential the credential with which calls authenticate at the provider; empty if the
 *     caller may not see it
 * @param limitsInAll the common rate limits of all callers; empty if the caller may not see them
 * @param until the end of the share that is used for the caller's calls; empty if this share does
 *     not end, or if no share is needed
 * @param state whether the caller can call the instance; if not, also the reason
 */
public record InstanceView(
    Instance instance,
    Optional<Role> role,
    boolean hasEffectiveApiKey,
    boolean hasUserKey,
    boolean isDefault,
    Optional<Handle> via,
    EffectiveLimits myLimits,
    Reach destination,
    Optional<Budgets> budgetsInAll,
    Optional<LimitsInAll> limitsInAll,
    Optional<Instant> until,
    ServiceState state,
    Optional<CredentialView> credential) {

  /**
   * A credential without its secret.
   *
   * @param confirmed whether the owner has confirmed where the credential is used; empty if the
   *     credential has a secret, and so needs no confirmation
   * @param minted the description of the token that this node has minted from the credential
   * @param expiresIn the remaining lifetime of the token
   */
  public record CredentialView(
      CredentialKind kind,
      CredentialSettings settings,
      Optional<Boolean> confirmed,
      MintedState minted,
      Optional<Duration> expiresIn) {}
}
