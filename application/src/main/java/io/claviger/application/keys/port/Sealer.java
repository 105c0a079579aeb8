package io.claviger.application.keys.port;

import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import java.util.Optional;
import java.util.SortedSet;

/** Seals and opens secrets with authenticated encryption. Seals with this node's first key. */
public interface Sealer {
  /** Seals a secret and ties it to a binding. */
  SealedValue seal(Secret secret, KeyBinding binding);

  /**
   * Opens a sealed value. The caller closes the secret. The result is empty if the value can't be
   * opened. The reasons can be that the value was sealed with another binding, that its bytes were
   * changed, or that this node does not have the encryption key.
   */
  Optional<Secret> open(SealedValue sealed, KeyBinding binding);

  /** Returns the id of the encryption key under which secrets are sealed. */
  EncryptionKeyId sealingKey();

  /** Returns the ids of all encryption keys that this node holds. */
  SortedSet<EncryptionKeyId> keys();

  /**
   * Seals a known text under one of the keys. By opening this text, a node detects a wrong key with
   * the same id.
   */
  SealedValue sentinel(EncryptionKeyId key);

  boolean opensSentinel(SealedValue sentinel);
}
