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
 * An instance, with the facts about it that one caller sees.
 *
 * @param role the caller's role; empty for an administrator without a role
 * @param hasEffectiveApiKey whether a call by the caller's own role would find a key or needs no
 *     key; false if the destination is known to be refused
 * @param hasUserKey whether the caller has stored their own key for the instance
 * @param via the group whose share the caller's calls use; empty when they use the caller's own
 *     share or need no share
 * @param myLimits the limits that result from the limits of the service, of the caller's share and
 *     of the presented token together
 * @param destination whether the gateway may connect to the instance's endpoint
 * @param budgetsInAll the budgets that all callers share; empty for callers without the right to
 *     see them
 * @param credential how calls authenticate at the provider; empty for callers without the right to
 *     see it
 * @param limitsInAll the rates that all callers share; empty for callers without the right to see
 *     them
 * @param until the end of the share that the caller's calls use; empty if the share does not end or
 *     no share is needed
 * @param state whether the caller can call the instance and, if not, the reason
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
   * @param confirmed whether the owner confirmed where the credential is used; empty for kinds of
   *     credentials with a secret, which need no confirmation
   * @param minted the state of the token that this node has made from the credential
   * @param expiresIn the lifetime of that token
   */
  public record CredentialView(
      CredentialKind kind,
      CredentialSettings settings,
      Optional<Boolean> confirmed,
      MintedState minted,
      Optional<Duration> expiresIn) {}
}
