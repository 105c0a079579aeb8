package io.claviger.application.bills.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.bills.BillingCredential;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedValue;
import java.util.Optional;

/**
 * Stores the billing credentials of services, at most one for each service. A credential is deleted
 * with its service.
 */
public interface BillingCredentialStore {
  /**
   * A credential with its key.
   *
   * @param owner the current owner of the service
   */
  record StoredCredential(
      BillingCredential credential, SealedValue key, User.Id owner, Instance.Ref service) {}

  /** Finds the credential of a service, without its key. */
  Optional<BillingCredential> find(Instance.Id service);

  /** Reads the credential of a service, with its key. */
  Optional<StoredCredential> read(Instance.Id service);

  /**
   * Stores the credential of a service in place of any earlier credential.
   *
   * @return whether the service had no credential before
   * @throws io.claviger.application.shared.ConcurrencyConflict when the service has been deleted
   */
  boolean save(BillingCredential credential, SealedValue key);

  /** Deletes the credential of a service. Returns whether there was a credential. */
  boolean delete(Instance.Id service);
}
