package io.claviger.custody;

/**
 * An encryption key that no secret should be sealed under. The message says why and never repeats
 * the key.
 */
public final class BadEncryptionKey extends RuntimeException {
  BadEncryptionKey(String why) {
    super(why, null, false, false);
  }
}
