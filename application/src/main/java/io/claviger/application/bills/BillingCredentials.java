package io.claviger.application.bills;

import io.claviger.application.bills.port.BillingCheck;
import io.claviger.application.bills.port.BillingCredentialStore;
import io.claviger.application.gateway.RateLimiter;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.domain.bills.BillingCredential;
import io.claviger.domain.bills.BillingCredential.StatedScope;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.Secret;
import java.util.Optional;

/**
 * The keys with which Claviger reads from services' providers how much the providers bill. Only the
 * owning user of a service stores, sees and deletes its billing credential; for system-level
 * services, administrators do so. Anybody who sees the bill also sees whether there is a billing
 * credential.
 *
 * <p>All methods answer {@code not_found} if the actor can't see the service or the actor's token
 * is restricted to another service. Anybody who can see the service but is not the owning user is
 * refused with {@code forbidden}.
 */
public interface BillingCredentials {
  /**
   * The number of checks of keys that one user may cause in any 60 seconds, on all nodes together.
   */
  int PER_MINUTE = 6;

  static BillingCredentials of(
      InstanceStore services,
      ApiStandardStore standards,
      BillingCredentialStore credentials,
      BillingCheck check,
      RateLimiter permits,
      ReadingPlaces places,
      Sealer sealer,
      AuditedChanges changes) {
    return new BillingCredentialUseCases(
        services, standards, credentials, check, permits, places, sealer, changes);
  }

  /** Finds the billing credential of a service, without its key. */
  Outcome<BillingCredential> find(Actor actor, Instance.Ref service);

  /**
   * Stores the billing credential of a service in place of any earlier one, after trying the new
   * credential: it must be possible to read the provider's figures of yesterday with it.
   *
   * <p>If the figures can't be read, the write is refused as invalid, with the name of a {@link
   * io.claviger.domain.bills.BillingFailure}. It is invalid with {@code no_billing_api} if the
   * service's format has no usage API that Claviger knows, and with {@code key_may_call_models} if
   * the key can also call models and the owner did not confirm that it may. If the write is
   * refused, nothing is changed.
   */
  Outcome<SavedCredential> put(Actor actor, Instance.Ref service, NewCredential credential);

  /** Deletes the billing credential of a service. Returns the service. */
  Outcome<Instance.Ref> delete(Actor actor, Instance.Ref service);

  /**
   * A credential to store.
   *
   * @param apiKey the provider's key for its usage API; the caller closes it
   * @param endpoint the endpoint of the provider's usage API; empty for the service's own endpoint
   * @param mayDoMore whether the owner confirms that the key may do more than read figures
   */
  record NewCredential(
      Secret apiKey,
      Optional<Endpoint> endpoint,
      StatedScope scope,
      Optional<String> apiKeyId,
      boolean mayDoMore) {}

  /**
   * A credential after it was stored.
   *
   * @param created whether there was no credential before
   */
  record SavedCredential(BillingCredential credential, boolean created) {}
}
