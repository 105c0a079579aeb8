package io.claviger.imports.dhamps.port;

import io.claviger.imports.shared.SourceKey;

/** Decrypts keys that dhamps-vdb encrypted. */
public interface SourceDecryption {
  /** Whether there is a legacy key. */
  boolean hasKey();

  /**
   * Decrypts a key. Never returns {@link SourceKey.Absent}. The caller must close the returned
   * secret.
   */
  SourceKey open(Sealed sealed);

  /** Encrypted bytes, as the source stores them. */
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
