package io.claviger.application.bills;

import io.claviger.application.bills.port.BillingCheck;
import io.claviger.application.bills.port.BillingCredentialStore;
import io.claviger.application.gateway.RateLimiter;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.domain.bills.BillingCredential;
import io.claviger.domain.bills.BillingCredential.StatedScope;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.Secret;
import java.util.Optional;

/**
 * The keys that Claviger uses to read providers' bills for services. Only the owning user of a
 * service stores, sees and deletes the service's billing credential. Administrators do so for
 * system-level services. Anybody who sees the bill also sees whether a billing credential exists.
 *
 * <p>If the actor can't see the service or the actor's token is restricted to another service, all
 * methods answer {@code not_found}. Anybody else who is not the owning user is refused with {@code
 * forbidden}.
 */
public interface BillingCredentials {
  /**
   * The maximum number of a user's keys that are checked within 60 seconds, on all nodes together.
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
   * Tries a billing credential and stores it in place of any earlier credential. With the
   * credential, Claviger must be able to read the provider's figures of yesterday.
   *
   * <p>If the figures can't be read, the write is refused as invalid with the name of a {@link
   * io.claviger.domain.bills.BillingFailure}. The write is refused as {@code no_billing_api} if
   * Claviger knows no usage API for the service's format. The write is refused as {@code
   * key_may_call_models} if the key can also call models and the owner has not confirmed this. A
   * refused write changes nothing.
   *
   * @param precondition the condition that the stored credential's {@link
   *     BillingCredential#version} must meet
   */
  Outcome<SavedCredential> put(
      Actor actor, Instance.Ref service, Precondition precondition, NewCredential credential);

  /**
   * Deletes the billing credential of a service. Returns the service.
   *
   * @param precondition the condition that the stored credential's {@link
   *     BillingCredential#version} must meet
   */
  Outcome<Instance.Ref> delete(Actor actor, Instance.Ref service, Precondition precondition);

  /**
   * A credential to store.
   *
   * @param apiKey the provider's key for its usage API; the caller must close the key
   * @param endpoint the endpoint of the provider's usage API; if empty, the service's endpoint
   * @param mayDoMore whether the owner confirms that the key may do more than read figures
   */
  record NewCredential(
      Secret apiKey,
      Optional<Endpoint> endpoint,
      StatedScope scope,
      Optional<String> apiKeyId,
      boolean mayDoMore) {}

  /**
   * A stored credential.
   *
   * @param created whether the service had no credential before
   */
  record SavedCredential(BillingCredential credential, boolean created) {}
}
