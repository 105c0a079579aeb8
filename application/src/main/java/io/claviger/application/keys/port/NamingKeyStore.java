package io.claviger.application.keys.port;

import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedValue;
import java.util.Optional;

/**
 * Stores one naming key for each service. The names of the service's callers are derived from this
 * key.
 */
public interface NamingKeyStore {
  /**
   * Stores the naming key of a service if there is none yet. If several threads or nodes call this
   * method for a service at the same time, all of them get the key that was stored first.
   *
   * @param made the new key, which is ignored if the service already has a key
   * @return the stored key; empty if there is no such service
   */
  Optional<SealedValue> keepFirst(Instance.Id service, SealedValue made);

  /** Finds the naming key of a service; empty if there is none yet. */
  Optional<SealedValue> find(Instance.Id service);
}
