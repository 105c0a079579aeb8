package io.claviger.application.keys;

import io.claviger.application.keys.SecretOpener.Bound;
import io.claviger.application.keys.port.NamingKeyStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.NamingKey;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import java.util.Optional;

/**
 * Makes the naming keys of services. The names by which a service's provider distinguishes callers
 * are derived from the service's naming key. A service gets its naming key when the key is first
 * needed, because a migration of the database could not seal a key.
 */
public final class NamingKeys {
  private final NamingKeyStore store;
  private final Sealer sealer;
  private final RandomBytes random;

  public NamingKeys(NamingKeyStore store, Sealer sealer, RandomBytes random) {
    this.store = store;
    this.sealer = sealer;
    this.random = random;
  }

  /**
   * Returns the naming key of a service that had no naming key when the service was read. If
   * several threads or nodes ask for a service's key at the same time, all of them get the same
   * key.
   *
   * @return empty if there is no such service
   */
  public Optional<Bound> make(Instance.Id service) {
    KeyBinding binding = KeyBinding.ofNamingKey(service);
    SealedValue made;
    try (Secret key = Secret.takingOver(random.next(NamingKey.BYTES))) {
      made = sealer.seal(key, binding);
    }
    return store.keepFirst(service, made).map(stored -> new Bound(stored, binding));
  }
}
