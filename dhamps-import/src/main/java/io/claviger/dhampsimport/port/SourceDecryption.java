package io.claviger.dhampsimport.port;

import io.claviger.dhampsimport.rules.SourceKey;

/** Opens what dhamps-vdb sealed. */
public interface SourceDecryption {
  /** Whether there is a key to open with. */
  boolean hasKey();

  /** Never {@link SourceKey.Absent}; the caller closes what comes out. */
  SourceKey open(Sealed sealed);

  /** Sealed bytes as they stood there. */
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
