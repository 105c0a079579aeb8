package io.claviger.application.keys.out;

import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.SealedValue;
import java.util.List;

/**
 * The encryption keys that stored values are, or were, sealed under: their ids and sentinels, never
 * the keys.
 */
public interface EncryptionKeys {
  /** One key as it is on record. */
  record Known(EncryptionKeyId id, boolean live, SealedValue sentinel) {}

  /** All that are on record, locked until the transaction ends. */
  List<Known> lockAll();

  List<Known> all();

  /** Puts a key on record as live; one that is there already stays as it is. */
  void add(EncryptionKeyId id, SealedValue sentinel);
}
