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
 * Makes each service's key, from which the names are derived by which its provider tells callers
 * apart. A service gets its key when it is first needed, since a migration could not seal one.
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
   * Returns the key of a service that had none when it was read. All threads and nodes that ask at
   * the same time get the same key.
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
