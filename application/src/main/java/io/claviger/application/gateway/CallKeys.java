package io.claviger.application.gateway;

import io.claviger.application.budgets.CallSpending;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.application.keys.KeyDecisions;
import io.claviger.application.keys.SecretOpener;
import io.claviger.application.keys.port.DeploymentKeys;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.instances.CallableInstance;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.policy.KeySource;
import java.util.List;
import java.util.Optional;

/**
 * Decides which key a call uses, and opens it together with the custom headers. If a stored value
 * can't be opened, somebody has moved or changed it, which is recorded in the audit trail.
 */
public final class CallKeys {
  private final SecretOpener secrets;
  private final KeyDecisions decisions;
  private final DeploymentKeys deploymentKeys;
  private final AuditTrail trail;
  private final AuditedChanges changes;

  /**
   * @param trail records values that can't be opened
   */
  public CallKeys(
      Sealer sealer, DeploymentKeys deploymentKeys, AuditTrail trail, AuditedChanges changes) {
    this.secrets = new SecretOpener(sealer);
    this.decisions = new KeyDecisions(secrets, deploymentKeys);
    this.deploymentKeys = deploymentKeys;
    this.trail = trail;
    this.changes = changes;
  }

  /** Decides which key a user's call would use. Does not open it. */
  KeyDecision decide(ServiceContext target) {
    return KeyDecision.decide(decisions.untried(true, target.instance(), target.keys()));
  }

  /** Opens the key and the headers, and records a failure. Empty when one can't be opened. */
  Optional<AuthorizedCall> open(Actor caller, CallGrant grant) {
    Optional<AuthorizedCall> opened = openUnrecorded(grant);
    if (opened.isEmpty()) {
      recordUnusable(caller, grant.access().target().instance());
    }
    return opened;
  }

  /**
   * Opens the key and the headers. Never blocks, and records nothing. Empty when one can't be
   * opened.
   */
  Optional<AuthorizedCall> openUnrecorded(CallGrant grant) {
    AccessDecision.Granted access = grant.access();
    KeySource source = grant.source();
    ServiceContext target = access.target();
    CallableInstance instance = target.instance();
    Optional<Secret> key =
        switch (source) {
          case KEYLESS -> Optional.empty();
          case USER, CENTRAL -> grant.key().flatMap(secrets::open);
          case DEPLOYMENT -> deploymentKeys.copy(instance.provider());
        };
    boolean keyOpens = source == KeySource.KEYLESS || key.isPresent();
    Optional<CustomHeaders> headers =
        keyOpens ? secrets.openHeaders(grant.headers()) : Optional.empty();
    if (headers.isEmpty()) {
      key.ifPresent(Secret::close);
      return Optional.empty();
    }
    return Optional.of(
        new AuthorizedCall(
            access.name(),
            instance.endpoint(),
            target.standard(),
            source,
            key,
            headers.get(),
            instance.organization(),
            instance.timeout(),
            instance.isSystemLevel(),
            grant.models(),
            grant.spending().dependOnBody(),
            instance.streamsUsage(grant.spending().dependOnBody()),
            grant.basis(),
            CallSpending.NONE,
            grant.lendable(),
            grant.isolation()));
  }

  private void recordUnusable(Actor caller, CallableInstance instance) {
    trail.record(
        changes.event(
            caller,
            AuditAction.GATEWAY_KEY_UNUSABLE,
            AuditTargets.service(instance),
            AuditOutcome.FAILED,
            List.of()));
  }
}
