package io.claviger.application.keys.port;

import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyRegister;
import io.claviger.domain.keys.SealedValue;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Stores the ids and sentinels of live and retired encryption keys. The keys themselves are never
 * stored.
 */
public interface EncryptionKeyStore {
  /** A recorded encryption key. */
  record Known(EncryptionKeyId id, boolean live, SealedValue sentinel) {}

  /** Lists all recorded keys and locks them until the transaction ends. */
  List<Known> lockAll();

  List<Known> all();

  /** Records a key as live. If the key is already recorded, nothing changes. */
  void add(EncryptionKeyId id, SealedValue sentinel);

  /**
   * Retires a live key, so that nothing can be sealed with this key any more.
   *
   * @throws io.claviger.application.shared.StillReferenced if a value is still sealed with the key
   */
  void retire(EncryptionKeyId id);

  /** Builds the {@code KeyRegister} of the recorded keys. */
  static KeyRegister register(List<Known> known) {
    return new KeyRegister(
        known.stream().filter(Known::live).map(Known::id).collect(Collectors.toSet()),
        known.stream().filter(k -> !k.live()).map(Known::id).collect(Collectors.toSet()));
  }
}
