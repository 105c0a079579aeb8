package io.claviger.application.issuer.port;

import io.claviger.domain.issuer.IssuerKey;
import io.claviger.domain.keys.SealedValue;
import java.util.List;

/** Stores the keys of the issuer. At most one key signs, and at most one key waits to sign. */
public interface IssuerKeyStore {
  /**
   * A key with its state and its sealed private half.
   *
   * @param value the private key, sealed to the id of the key
   */
  record StoredKey(IssuerKey key, SealedValue value) {}

  /** Lists all keys, the newest first. */
  List<StoredKey> all();

  /** Lists all keys, the newest first, and locks them until the transaction ends. */
  List<StoredKey> lockAll();

  /**
   * @throws io.claviger.application.shared.ConcurrencyConflict if this key signs and another key
   *     already signs, or if this key waits to sign and another key already waits to sign
   */
  void insert(StoredKey key);

  /**
   * Stores the state and the times of a key.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict if another key already signs
   */
  void update(IssuerKey key);

  void delete(String kid);
}
