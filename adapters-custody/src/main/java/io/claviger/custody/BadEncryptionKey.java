package io.claviger.custody;

/**
 * Thrown for an encryption key that is too weak to seal secrets. The message says why the key is
 * too weak, and never repeats the key.
 */
public final class BadEncryptionKey extends RuntimeException {
  BadEncryptionKey(String why) {
    super(why, null, false, false);
  }
}
