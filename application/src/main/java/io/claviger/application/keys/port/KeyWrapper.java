package io.claviger.application.keys.port;

import io.claviger.domain.keys.KeyUri;

/**
 * Encrypts and decrypts encryption keys with a key that is kept outside Claviger, in a device or a
 * server. Both operations block, for at most about ten seconds with a server.
 */
public interface KeyWrapper {
  /** Whether this wrapper can use a key with this URI. */
  boolean uses(KeyUri with);

  /**
   * @param key the text of the key; the caller wipes it
   * @throws OutsideKeyFailure with the reason
   */
  byte[] wrap(byte[] key, KeyUri with);

  /**
   * Returns the text of the key, which the caller must wipe.
   *
   * @throws OutsideKeyFailure with the reason
   */
  byte[] unwrap(byte[] wrapped, KeyUri with);
}
