package io.claviger.application.keys.port;

import io.claviger.application.shared.MissingEncryptionKey;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Seals and opens secrets with authenticated encryption. Secrets are sealed with this node's first
 * key.
 */
public interface Sealer {
  /** Seals a secret. The result can be opened only with the same binding. */
  SealedValue seal(Secret secret, KeyBinding binding);

  /**
   * Opens a sealed value. The caller must close the secret. The result is empty if the value can't
   * be opened, because it was sealed with another binding, its bytes were changed, or this node
   * lacks the encryption key.
   */
  Optional<Secret> open(SealedValue sealed, KeyBinding binding);

  /**
   * Whether this node lacks the encryption key with which the value is sealed. The database accepts
   * only values that are sealed with live keys, so such a value can be opened by other nodes.
   */
  default boolean lacksKeyOf(SealedValue sealed) {
    return !keys().contains(sealed.sealedUnder());
  }

  /**
   * Throws if this node lacks the encryption key of a sealed value. Call this method before {@link
   * #open} if an empty result of {@link #open} would make the caller change or end something, or
   * report that the value does not exist.
   *
   * @throws MissingEncryptionKey if this node lacks the encryption key of the value
   */
  default void demandKeyOf(SealedValue sealed) {
    if (lacksKeyOf(sealed)) {
      throw new MissingEncryptionKey(sealed.sealedUnder());
    }
  }

  /** Returns the id of the encryption key that seals secrets. */
  EncryptionKeyId sealingKey();

  /** Returns the ids of all encryption keys that this node holds. */
  SortedSet<EncryptionKeyId> keys();

  /**
   * Seals a known text with one of this node's keys. A node that can't open this text learns that
   * its own key with the same id is a different key.
   */
  SealedValue sentinel(EncryptionKeyId key);

  boolean opensSentinel(SealedValue sentinel);
}
