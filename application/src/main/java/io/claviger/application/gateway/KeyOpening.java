package io.claviger.application.gateway;

import io.claviger.application.gateway.out.CallFacts.Facts;
import io.claviger.application.gateway.out.CallFacts.Target;
import io.claviger.application.gateway.out.DeploymentKeys;
import io.claviger.application.keys.out.Sealer;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.Targets;
import io.claviger.application.shared.out.AuditTrail;
import io.claviger.application.shared.out.Ids;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.KeySource;
import java.util.List;
import java.util.Optional;

/**
 * Opens what one call needs. What does not open where it stands is put on record: somebody moved or
 * changed it.
 */
final class KeyOpening {
  private final Sealer sealer;
  private final DeploymentKeys deploymentKeys;
  private final AuditTrail trail;
  private final Ids ids;
  private final Attempts attempts;

  KeyOpening(
      Sealer sealer, DeploymentKeys deploymentKeys, AuditTrail trail, Ids ids, Attempts attempts) {
    this.sealer = sealer;
    this.deploymentKeys = deploymentKeys;
    this.trail = trail;
    this.ids = ids;
    this.attempts = attempts;
  }

  /**
   * @return empty when the key or the headers do not open
   */
  Optional<Passage> open(AuthorizeCall.Call call, Facts<?> known, Way.Open way, KeySource source) {
    Target target = way.target();
    Optional<Secret> key =
        switch (source) {
          case KEYLESS -> Optional.empty();
          case CENTRAL -> apiKey(target);
          case DEPLOYMENT -> deploymentKeys.copy(target.instance().settings().fields().provider());
          case USER -> throw new IllegalStateException("users' keys are not stored yet");
        };
    boolean keyOpens = source == KeySource.KEYLESS || key.isPresent();
    Optional<CustomHeaders> headers = keyOpens ? headers(target) : Optional.empty();
    if (headers.isEmpty()) {
      key.ifPresent(Secret::close);
      recordUnusable(call, known, target);
      return Optional.empty();
    }
    Instance instance = target.instance();
    return Optional.of(
        new Passage(
            way.name(),
            instance.settings().fields().endpoint(),
            target.standard(),
            source,
            key,
            headers.get(),
            instance.settings().organization(),
            instance.settings().timeout(),
            instance.isSystemLevel()));
  }

  private Optional<Secret> apiKey(Target target) {
    Instance instance = target.instance();
    return target
        .apiKey()
        .flatMap(
            stored ->
                sealer.open(stored, KeyBinding.ofApiKey(instance.id(), instance.destination())));
  }

  private Optional<CustomHeaders> headers(Target target) {
    if (target.headers().isEmpty()) {
      return Optional.of(new CustomHeaders(List.of()));
    }
    Instance instance = target.instance();
    Optional<Secret> packed =
        sealer.open(
            target.headers().get(), KeyBinding.ofHeaders(instance.id(), instance.destination()));
    try {
      return packed.map(CustomHeaders::unpacked);
    } finally {
      packed.ifPresent(Secret::close);
    }
  }

  private void recordUnusable(AuthorizeCall.Call call, Facts<?> known, Target target) {
    trail.record(
        new AuditEvent(
            ids.next(),
            attempts.now(),
            Optional.of(known.user().id()),
            Optional.of(known.user().handle()),
            Optional.of(known.token().id()),
            call.address(),
            call.requestId(),
            AuditAction.GATEWAY_KEY_UNUSABLE,
            Targets.service(target.instance()),
            AuditOutcome.FAILED,
            List.of()));
  }
}
