package io.claviger.application.gateway;

import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.application.keys.SecretOpener;
import io.claviger.application.keys.port.DeploymentKeys;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.instances.CallableInstance;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.KeySource;
import java.util.List;
import java.util.Optional;

/**
 * Opens what one call needs. What does not open where it stands is put on record: somebody moved or
 * changed it.
 */
final class CallKeyOpener {
  private final SecretOpener secrets;
  private final DeploymentKeys deploymentKeys;
  private final AuditTrail trail;
  private final Ids ids;
  private final AuditedChanges changes;

  CallKeyOpener(
      SecretOpener secrets,
      DeploymentKeys deploymentKeys,
      AuditTrail trail,
      Ids ids,
      AuditedChanges changes) {
    this.secrets = secrets;
    this.deploymentKeys = deploymentKeys;
    this.trail = trail;
    this.ids = ids;
    this.changes = changes;
  }

  /**
   * Opens, and puts on record what does not.
   *
   * @return empty when the key or the headers do not open
   */
  Optional<AuthorizedCall> open(Actor caller, CallGrant grant) {
    Optional<AuthorizedCall> opened = openUnrecorded(grant);
    if (opened.isEmpty()) {
      recordUnusable(caller, grant.way().target().instance());
    }
    return opened;
  }

  /**
   * Opens what opens; never blocks.
   *
   * @return empty when the key or the headers do not open
   */
  Optional<AuthorizedCall> openUnrecorded(CallGrant grant) {
    AccessDecision.Granted way = grant.way();
    KeySource source = grant.source();
    ServiceContext target = way.target();
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
            way.name(),
            instance.endpoint(),
            target.standard(),
            source,
            key,
            headers.get(),
            instance.organization(),
            instance.timeout(),
            instance.isSystemLevel(),
            grant.models(),
            grant.ground()));
  }

  private void recordUnusable(Actor caller, CallableInstance instance) {
    trail.record(
        new AuditEvent(
            ids.next(),
            changes.now(),
            Optional.of(caller.id()),
            Optional.of(caller.handle()),
            caller.tokenId(),
            caller.address(),
            caller.requestId(),
            AuditAction.GATEWAY_KEY_UNUSABLE,
            AuditTargets.service(instance),
            AuditOutcome.FAILED,
            List.of()));
  }
}
