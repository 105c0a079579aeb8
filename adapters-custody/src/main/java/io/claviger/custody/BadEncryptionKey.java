package io.claviger.custody;

/**
 * Thrown if an encryption key is too weak to seal secrets. The message says why the key is too
 * weak, but never repeats the key.
 */
public final class BadEncryptionKey extends RuntimeException {
  BadEncryptionKey(String why) {
    super(why, null, false, false);
  }
}
