package io.claviger.custody;

/**
 * An encryption key was given that is too weak to seal secrets with. The message says why and never
 * repeats the key.
 */
public final class BadEncryptionKey extends RuntimeException {
  BadEncryptionKey(String why) {
    super(why, null, false, false);
  }
}
