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
 * Makes the naming keys of services. From the naming key of a service, Claviger derives the names
 * by which the service's provider distinguishes callers. Claviger makes a naming key only when the
 * key is first needed. A database migration could not make the naming keys, because a migration
 * can't seal keys.
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
   * Makes a service's naming key. This method is called if the service had no naming key when it
   * was read. If several threads or nodes call this method for a service at the same time, all of
   * them get the same key.
   *
   * @return the naming key; empty if there is no such service
   */
  public Optional<Bound> make(Instance.Id service) {
    KeyBinding binding = KeyBinding.ofNamingKey(service);
    SealedValue made;
    try (Secret key = Secret.takingOver(random.next(NamingKey.BYTES))) {
      made = sealer.seal(key, binding);
    }
    return store.keepFirst(service, made).map(stored -> new Bound(stored, binding));
  }

  /** Whether a service has a naming key. A deleted service has no naming key. */
  public boolean isMade(Instance.Id service) {
    return store.find(service).isPresent();
  }
}
