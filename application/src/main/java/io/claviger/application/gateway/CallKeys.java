package io.claviger.application.gateway;

import io.claviger.application.budgets.CallSpending;
import io.claviger.application.credentials.MintedCredentials;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.application.keys.KeyDecisions;
import io.claviger.application.keys.NamingKeys;
import io.claviger.application.keys.SecretOpener;
import io.claviger.application.keys.SecretOpener.Bound;
import io.claviger.application.keys.port.DeploymentKeys;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.instances.CallableInstance;
import io.claviger.domain.instances.KeyedInstance;
import io.claviger.domain.keys.CallerNames;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.policy.KeySource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Decides which key a call uses. Opens the key and the custom headers. If a stored value can't be
 * opened, somebody has moved or changed the value, or this node lacks the value's encryption key.
 * If somebody has moved or changed the value, this is recorded in the audit trail.
 */
public final class CallKeys {
  private final SecretOpener secrets;
  private final KeyDecisions decisions;
  private final DeploymentKeys deploymentKeys;
  private final NamingKeys naming;
  private final MintedCredentials minted;
  private final AuditedChanges changes;

  /**
   * @param naming the object that makes missing naming keys
   * @param minted the source of the minted tokens for services whose credential is not a key
   * @param changes the object that records that a value can't be opened. Repetitions of an event
   *     within a minute are recorded together, because callers can repeat such calls as often as
   *     they like
   */
  public CallKeys(
      Sealer sealer,
      DeploymentKeys deploymentKeys,
      NamingKeys naming,
      MintedCredentials minted,
      AuditedChanges changes) {
    this.secrets = new SecretOpener(sealer);
    this.decisions = new KeyDecisions(secrets, deploymentKeys);
    this.deploymentKeys = deploymentKeys;
    this.naming = naming;
    this.minted = minted;
    this.changes = changes;
  }

  /** Decides which key a user's call would use. This method does not decrypt the key. */
  KeyDecision decide(ServiceContext target) {
    return KeyDecision.decide(decisions.untried(true, target.instance(), target.keys()));
  }

  /** Decides which key a request of Claviger itself would use. This method decrypts no key. */
  KeyDecision decideForNobody(ServiceContext target) {
    return KeyDecision.decide(decisions.untried(true, target.instance(), target.keys()).ofNobody());
  }

  /**
   * Opens the key, the headers and the naming key. Creates the naming key if the service has none.
   * If a value can't be opened, the result is empty. The failure is recorded, unless this node only
   * lacks the value's encryption key.
   */
  Optional<AuthorizedCall> open(Actor caller, CallGrant grant) {
    CallGrant whole =
        grant.isolation().isEmpty() || grant.naming().isPresent()
            ? grant
            : grant.withNaming(naming.make(grant.access().target().instance().id()));
    Optional<AuthorizedCall> opened = openUnrecorded(whole);
    if (opened.isEmpty() && whyUnopened(whole) == CallRefusal.KEY_UNUSABLE) {
      recordUnusable(caller, grant.access().target().instance());
    }
    return opened;
  }

  /** Whether this node can mint the service's tokens; also true if the service needs no tokens. */
  boolean mayMint(KeyedInstance service) {
    CredentialKind kind = service.credential().kind();
    return !kind.isMinted() || minted.mints(kind);
  }

  /** Returns why the stored values of a grant can't be opened. */
  CallRefusal whyUnopened(CallGrant grant) {
    if (grant.isolation().isPresent()
        && grant.naming().isEmpty()
        && !naming.isMade(grant.access().target().instance().id())) {
      return CallRefusal.SERVICE_CHANGED; // The service was deleted meanwhile.
    }
    return Stream.of(grant.key(), grant.headers(), grant.naming())
            .flatMap(Optional::stream)
            .anyMatch(secrets::lacksKeyOf)
        ? CallRefusal.SERVICE_UNAVAILABLE
        : CallRefusal.KEY_UNUSABLE;
  }

  /**
   * Opens the key, the headers and the naming key. This method never blocks and records nothing.
   * For a call with a minted token, the result contains only the source of the token. The result is
   * empty if a value can't be opened, or if the service has no naming key yet.
   */
  Optional<AuthorizedCall> openUnrecorded(CallGrant grant) {
    KeySource source = grant.source();
    Optional<Secret> key =
        switch (source) {
          case KEYLESS -> Optional.empty();
          case USER, CENTRAL -> grant.key().flatMap(secrets::open);
          case DEPLOYMENT -> deploymentKeys.copy(grant.basis().charging().provider());
        };
    boolean keyOpens = source == KeySource.KEYLESS || key.isPresent() || grant.minted().isPresent();
    Optional<CustomHeaders> headers =
        keyOpens ? secrets.openHeaders(grant.headers()) : Optional.empty();
    Optional<CallerNames> names =
        headers.isPresent() && grant.isolation().isPresent() ? names(grant) : Optional.empty();
    if (headers.isEmpty() || names.isPresent() != grant.isolation().isPresent()) {
      key.ifPresent(Secret::close);
      headers.ifPresent(CustomHeaders::close);
      return Optional.empty();
    }
    AuthorizedCall opened =
        new AuthorizedCall(
            grant.terms(),
            grant.basis(),
            new AuthorizedCall.Secrets(key, headers.get(), names, Optional.empty()),
            grant.spending().dependOnBody(),
            CallSpending.NONE);
    return Optional.of(
        grant.minted().isEmpty() ? opened : opened.minting(minted.source(grant.minted().get())));
  }

  /**
   * Returns the names that distinguish the caller from other callers at the provider. When the
   * first call is made with a grant, opens the naming key to check that it can be opened. Later
   * calls with the grant decrypt the naming key only when they need a name. The check need not be
   * repeated, because a node's encryption keys do not change while the node runs.
   */
  private Optional<CallerNames> names(CallGrant grant) {
    if (grant.naming().isEmpty()) {
      return Optional.empty();
    }
    Bound stored = grant.naming().get();
    CallerNames names =
        new CallerNames(
            () -> secrets.open(stored).orElseThrow(),
            grant.names(),
            grant.basis().account().user(),
            grant.access().target().instance().naming());
    if (grant.names().isOpened()) {
      return Optional.of(names);
    }
    Optional<Secret> opened = secrets.open(stored);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    opened.get().close();
    grant.names().markOpened();
    return Optional.of(names);
  }

  /** Returns the audit event for a secret that could not be opened to mint a token. */
  public static AuditEvent unusable(AuditedChanges changes, KeyedInstance instance) {
    return changes.eventOfNobody(
        AuditEvent.UPKEEP,
        AuditAction.GATEWAY_KEY_UNUSABLE,
        AuditTargets.service(instance),
        AuditOutcome.FAILED,
        List.of());
  }

  private void recordUnusable(Actor caller, CallableInstance instance) {
    changes.recordRefusal(
        changes.event(
            caller,
            AuditAction.GATEWAY_KEY_UNUSABLE,
            AuditTargets.service(instance),
            AuditOutcome.FAILED,
            List.of()));
  }
}
