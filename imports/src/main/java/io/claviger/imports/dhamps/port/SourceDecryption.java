package io.claviger.imports.dhamps.port;

import io.claviger.imports.shared.SourceKey;

/** Decrypts keys that dhamps-vdb encrypted. */
public interface SourceDecryption {
  /** Whether a legacy key was given to this object. */
  boolean hasKey();

  /**
   * Decrypts a key. Never returns {@link SourceKey.Absent}. The caller must close the secret if one
   * is returned.
   */
  SourceKey open(Sealed sealed);

  /** Encrypted bytes in the form in which the source stores them. */
  final class Sealed {
    private final byte[] bytes;

    public Sealed(byte[] bytes) {
      this.bytes = bytes.clone();
    }

    public byte[] bytes() {
      return bytes.clone();
    }
  }
}
