package io.claviger.application.keys.port;

import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Seals secrets and opens them: authenticated encryption under the first of the encryption keys of
 * this node.
 */
public interface Sealer {
  /** Seals a secret to a binding. */
  SealedValue seal(Secret secret, KeyBinding binding);

  /**
   * Opens a sealed value; the caller closes what comes out.
   *
   * @return empty when it does not open: another binding, changed bytes, or an encryption key that
   *     this node lacks
   */
  Optional<Secret> open(SealedValue sealed, KeyBinding binding);

  /** The encryption key that seals. */
  EncryptionKeyId sealingKey();

  /** All encryption keys that this node holds. */
  SortedSet<EncryptionKeyId> keys();

  /** A known text sealed under one of the keys, so that a wrong key of the same id is noticed. */
  SealedValue sentinel(EncryptionKeyId key);

  boolean opensSentinel(SealedValue sentinel);
}
