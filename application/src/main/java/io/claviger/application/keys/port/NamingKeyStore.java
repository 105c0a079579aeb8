package io.claviger.application.keys.port;

import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedValue;
import java.util.Optional;

/** Stores the keys from which services make the names of their callers, one for each service. */
public interface NamingKeyStore {
  /**
   * Stores the first key of a service. If several callers do this at the same time, all get the key
   * that was stored.
   *
   * @param made not stored if the service has a key
   * @return the stored key; empty if there is no such service
   */
  Optional<SealedValue> keepFirst(Instance.Id service, SealedValue made);

  /** Finds the key of a service; empty if it has none yet. */
  Optional<SealedValue> find(Instance.Id service);
}
