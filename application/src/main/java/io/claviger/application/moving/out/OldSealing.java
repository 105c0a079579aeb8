package io.claviger.application.moving.out;

import io.claviger.domain.moving.FoundKey;

/** Opens what dhamps-vdb sealed. */
public interface OldSealing {
  /** Whether there is a key to open with. */
  boolean hasKey();

  /** Never {@link FoundKey.Absent}; the caller closes what comes out. */
  FoundKey open(Sealed sealed);

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
