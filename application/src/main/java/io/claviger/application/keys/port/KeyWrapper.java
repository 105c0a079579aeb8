package io.claviger.application.keys.port;

import io.claviger.domain.keys.KeyUri;

/**
 * Encrypts and decrypts encryption keys with a key that is outside Claviger, in a device or on a
 * server. Encryption and decryption block. If the key is on a server, they block for up to about
 * ten seconds.
 */
public interface KeyWrapper {
  /** Whether this wrapper can use a wrapping key that has the given URI. */
  boolean uses(KeyUri with);

  /**
   * @param key the encryption key as text; the caller must wipe it
   * @throws OutsideKeyFailure if the key outside Claviger can't be used; states the reason
   */
  byte[] wrap(byte[] key, KeyUri with);

  /**
   * Unwraps an encryption key, and returns it as text. The caller must wipe the text.
   *
   * @throws OutsideKeyFailure if the key outside Claviger can't be used; states the reason
   */
  byte[] unwrap(byte[] wrapped, KeyUri with);
}
