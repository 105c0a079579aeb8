package io.claviger.application.gateway;

import io.claviger.application.credentials.MintedCredentials;
import io.claviger.application.gateway.port.ConnectionStatus;
import io.claviger.application.gateway.port.ProviderProbe;
import io.claviger.application.instances.InstanceWrite;
import io.claviger.application.instances.Instances;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.domain.instances.Instance;

/**
 * Checks whether a new service would answer with the key that comes with it, before either is
 * stored. As a {@link ConnectionChecks} does, it calls the provider once, without anybody's
 * content, and does not return the provider's response. It appears in no usage, since there is no
 * service yet.
 */
@FunctionalInterface
public interface DraftChecks {
  /** How often one user may check drafts in any 60 seconds, on all nodes together. */
  int PER_MINUTE = 12;

  /**
   * @param probe does not note what it learns of keys, as these are not stored
   */
  static DraftChecks of(
      Instances instances,
      ProviderProbe probe,
      MintedCredentials credentials,
      RateLimiter permits,
      AuditedChanges changes) {
    return new LimitedDraftChecks(instances, probe, credentials, permits, changes);
  }

  /**
   * Checks a new service. Whatever would keep {@link Instances#put} from creating it is refused
   * here too, except that quotas are not checked. A write without a key that the service would need
   * is {@link ConnectionStatus#NO_KEY}, and the provider is not called.
   *
   * @param write its secrets are sent to the endpoint that the write says, and the caller closes
   *     them
   */
  ConnectionChecks.CheckOutcome check(Actor actor, Instance.Ref ref, InstanceWrite write);
}
