package io.claviger.application.gateway;

import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.application.keys.SecretOpener;
import io.claviger.application.keys.SecretOpener.Bound;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.CallableInstance;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.policy.CallLimits.Meter;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.usage.UsageAccount;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What calls of one kind are granted: by which way, with which key, within which limits. It follows
 * from the facts alone, so that many calls can share one.
 *
 * @param meters the rates that each call counts against
 * @param models the only ones that may be asked for; empty where any may
 * @param ground on what strength, and on whose account
 * @param key the stored one that is used; empty where none is
 * @param headers the values of the service's own, where it has any
 */
record CallGrant(
    AccessDecision.Granted way,
    KeySource source,
    List<Meter> meters,
    Optional<Set<ModelPattern>> models,
    AuthorizedCall.AuthorizationBasis ground,
    Optional<Bound> key,
    Optional<Bound> headers) {

  static CallGrant of(
      UserId caller,
      Handle handle,
      AccessDecision.Granted way,
      KeySource source,
      CallLimits limits) {
    ServiceContext target = way.target();
    return new CallGrant(
        way,
        source,
        limits.meters(),
        limits.models(),
        ground(caller, handle, way, source, limits),
        key(caller, source, target),
        SecretOpener.boundHeaders(target.instance(), target.keys()));
  }

  /** A deployment key is not stored. */
  private static Optional<Bound> key(UserId caller, KeySource source, ServiceContext target) {
    return switch (source) {
      case USER -> SecretOpener.boundUserKey(target.instance(), target.keys(), caller);
      case CENTRAL -> SecretOpener.boundApiKey(target.instance(), target.keys());
      case DEPLOYMENT, KEYLESS -> Optional.empty();
    };
  }

  private static AuthorizedCall.AuthorizationBasis ground(
      UserId caller,
      Handle handle,
      AccessDecision.Granted way,
      KeySource source,
      CallLimits limits) {
    CallableInstance instance = way.target().instance();
    return new AuthorizedCall.AuthorizationBasis(
        account(caller, handle, way),
        source,
        instance.destination(),
        keySetAt(source, way.target()),
        way.target().standard().handle(),
        instance.organization(),
        instance.headersVersion(),
        limits.models());
  }

  /** On whose account calls by a way are. */
  static UsageAccount account(UserId caller, Handle handle, AccessDecision.Granted way) {
    CallableInstance instance = way.target().instance();
    return new UsageAccount(
        caller,
        handle,
        instance.id(),
        instance.ref(),
        instance.owner(),
        way.project().map(p -> new UsageAccount.ThroughProject(p.id(), p.ref(), p.owner())));
  }

  /** Of the key that a source means; a deployment key is not stored. */
  private static Optional<Instant> keySetAt(KeySource source, ServiceContext target) {
    return switch (source) {
      case USER -> target.userKeySetAt();
      case CENTRAL -> target.instance().apiKeySetAt();
      case DEPLOYMENT, KEYLESS -> Optional.empty();
    };
  }
}
