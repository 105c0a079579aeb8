package io.claviger.domain.keys;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A secret in its stored form: a byte with the value 1, four bytes with the id of the encryption
 * key, then the output of AES-256-GCM (nonce of 12 bytes, ciphertext, tag of 16 bytes). Without the
 * encryption key, a sealed value reveals nothing about the secret.
 */
public final class SealedValue {
  private static final int OVERHEAD = 1 + 4 + 12 + 16;

  private final byte[] bytes;

  /**
   * The id of the encryption key. The id is cached because the gateway needs it for every call. If
   * several threads compute the id at the same time, all get the same result.
   */
  private @Nullable EncryptionKeyId under;

  public SealedValue(byte[] bytes) {
    if (bytes.length <= OVERHEAD || bytes[0] != 1) {
      throw new IllegalArgumentException("not a sealed value");
    }
    this.bytes = bytes.clone();
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  public int length() {
    return bytes.length;
  }

  public EncryptionKeyId sealedUnder() {
    EncryptionKeyId known = under;
    if (known == null) {
      known = new EncryptionKeyId(HexFormat.of().formatHex(bytes, 1, 5));
      under = known;
    }
    return known;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SealedValue that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "SealedValue[under " + sealedUnder() + "]";
  }
}
