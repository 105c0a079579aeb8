package io.claviger.domain.accounts;

import java.util.Arrays;
import java.util.HexFormat;

/** The SHA-256 hash of a token's text. Tokens are stored and looked up by the complete hash. */
public final class TokenHash {
  private final byte[] bytes;

  public TokenHash(byte[] bytes) {
    if (bytes.length != 32) {
      throw new IllegalArgumentException("a SHA-256 hash must have 32 bytes");
    }
    this.bytes = bytes.clone();
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenHash that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes, 0, 4) + "…";
  }
}
