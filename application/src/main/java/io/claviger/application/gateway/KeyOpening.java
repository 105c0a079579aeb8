package io.claviger.application.gateway;

import io.claviger.application.gateway.out.CallFacts.Target;
import io.claviger.application.keys.StoredSecrets;
import io.claviger.application.keys.out.DeploymentKeys;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.Targets;
import io.claviger.application.shared.out.AuditTrail;
import io.claviger.application.shared.out.Ids;
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
final class KeyOpening {
  private final StoredSecrets secrets;
  private final DeploymentKeys deploymentKeys;
  private final AuditTrail trail;
  private final Ids ids;
  private final Attempts attempts;

  KeyOpening(
      StoredSecrets secrets,
      DeploymentKeys deploymentKeys,
      AuditTrail trail,
      Ids ids,
      Attempts attempts) {
    this.secrets = secrets;
    this.deploymentKeys = deploymentKeys;
    this.trail = trail;
    this.ids = ids;
    this.attempts = attempts;
  }

  /**
   * Opens, and puts on record what does not.
   *
   * @return empty when the key or the headers do not open
   */
  Optional<Passage> open(Actor caller, Grant grant) {
    Optional<Passage> opened = openUnrecorded(grant);
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
  Optional<Passage> openUnrecorded(Grant grant) {
    Way.Open way = grant.way();
    KeySource source = grant.source();
    Target target = way.target();
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
        new Passage(
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
            attempts.now(),
            Optional.of(caller.id()),
            Optional.of(caller.handle()),
            caller.tokenId(),
            caller.address(),
            caller.requestId(),
            AuditAction.GATEWAY_KEY_UNUSABLE,
            Targets.service(instance),
            AuditOutcome.FAILED,
            List.of()));
  }
}
