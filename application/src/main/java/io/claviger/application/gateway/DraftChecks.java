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
 * Checks whether a new service would answer with its key, before the service or the key is stored.
 * Like {@link ConnectionChecks}, calls the provider once, without any user's content, and does not
 * return the provider's response. The check does not appear in the usage, because there is no
 * service yet.
 */
@FunctionalInterface
public interface DraftChecks {
  /** The maximum number of checks of drafts by a user within 60 seconds, on all nodes together. */
  int PER_MINUTE = 12;

  /**
   * @param probe the object that calls providers; it must not record whether keys were accepted,
   *     because the keys are not stored
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
   * Checks a new service. This method refuses every write that {@link Instances#put} would refuse,
   * except writes that exceed a quota. If the service needs a key and the write has none, the
   * result is {@link ConnectionStatus#NO_KEY}, and the provider is not called.
   *
   * @param write the new service, whose secrets are sent to the endpoint of the write and are
   *     closed by the caller
   */
  ConnectionChecks.CheckOutcome check(Actor actor, Instance.Ref ref, InstanceWrite write);
}
