package io.claviger.application.keys.port;

import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedValue;
import java.util.Optional;

/**
 * Stores the naming keys, one for each service, from which the names of the service's callers are
 * derived.
 */
public interface NamingKeyStore {
  /**
   * Stores the first key of a service. If several callers do this at the same time, all of them get
   * the key that was stored.
   *
   * @param made the new key; not stored if the service already has one
   * @return the stored key; empty if there is no such service
   */
  Optional<SealedValue> keepFirst(Instance.Id service, SealedValue made);

  /** Finds the key of a service; empty if the service has no naming key yet. */
  Optional<SealedValue> find(Instance.Id service);
}
