package io.claviger.application.keys.port;

import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyRegister;
import io.claviger.domain.keys.SealedValue;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The encryption keys that stored values are, or were, sealed under: their ids and sentinels, never
 * the keys.
 */
public interface EncryptionKeyStore {
  /** One key as it is on record. */
  record Known(EncryptionKeyId id, boolean live, SealedValue sentinel) {}

  /** All that are on record, locked until the transaction ends. */
  List<Known> lockAll();

  List<Known> all();

  /** Puts a key on record as live; one that is there already stays as it is. */
  void add(EncryptionKeyId id, SealedValue sentinel);

  /**
   * Retires a live key: nothing can be sealed under it any more.
   *
   * @throws io.claviger.application.shared.StillReferenced when a value is under it
   */
  void retire(EncryptionKeyId id);

  /** What follows from what is on record. */
  static KeyRegister register(List<Known> known) {
    return new KeyRegister(
        known.stream().filter(Known::live).map(Known::id).collect(Collectors.toSet()),
        known.stream().filter(k -> !k.live()).map(Known::id).collect(Collectors.toSet()));
  }
}
