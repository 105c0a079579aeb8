package io.claviger.application.gateway;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.CallContexts;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Opens the key that a service lends for Claviger's own requests, such as requests that delete
 * borrowers' objects. Claviger's own requests count against no limits or budgets, because no user
 * makes them.
 */
public final class ServiceCalls {
  private final CallContexts contexts;
  private final CallKeys keys;
  private final InstantSource clock;

  public ServiceCalls(CallContexts contexts, CallKeys keys, InstantSource clock) {
    this.contexts = contexts;
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * Opens a service. Blocks while the database is queried and, if necessary, a token is requested.
   * The caller of this method must close the returned call.
   *
   * @return the opened call; empty if the service does not exist or is disabled; also empty if no
   *     key of the service can be decrypted and no token can be minted for the service
   */
  public Optional<AuthorizedCall> open(Instance.Ref service) {
    return find(service).flatMap(this::withoutToken).flatMap(AuthorizedCall::awaitingToken);
  }

  /**
   * Opens a service like {@link #open}, but blocks only while the database is queried. The future
   * completes when the token was made or could not be made.
   *
   * @param id the service's id, because another service might have got the service's name since the
   *     name was read
   * @return the future call; empty if another service has the name, or if this node can neither
   *     open a key nor mint a token for the service; another node might be able to do so
   */
  public Optional<CompletableFuture<Optional<AuthorizedCall>>> begin(
      Instance.Id id, Instance.Ref service) {
    return find(service)
        .filter(target -> target.instance().id().equals(id))
        .flatMap(this::withoutToken)
        .map(AuthorizedCall::requestingToken);
  }

  private Optional<ServiceContext> find(Instance.Ref service) {
    return contexts.find(service, User.Id.SYSTEM, clock.instant());
  }

  private Optional<AuthorizedCall> withoutToken(ServiceContext target) {
    Optional<KeySource> lent =
        keys.decideForNobody(target).source().filter(source -> keys.mayMint(target.instance()));
    AccessDecision.Granted access = new AccessDecision.Granted(target);
    User.Id owner = target.instance().owner();
    return lent.flatMap(
        source ->
            keys.openUnrecorded(
                CallGrant.of(
                        owner,
                        target.instance().ref().owner(),
                        access,
                        source,
                        access.limits(owner, Optional.empty()),
                        Optional.empty())
                    .ofNobody()));
  }
}
