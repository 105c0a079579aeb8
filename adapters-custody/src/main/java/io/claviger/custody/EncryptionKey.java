package io.claviger.custody;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.DeterministicAead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.subtle.AesGcmJce;
import com.google.crypto.tink.subtle.AesSiv;
import com.google.crypto.tink.subtle.Hkdf;
import com.google.crypto.tink.util.SecretBytes;
import io.claviger.domain.keys.EncryptionKeyId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * One encryption key, for AES-256-GCM. The encryption key, its id, and a key for links are derived
 * with HKDF-SHA256 (RFC 5869) from the operator's text.
 *
 * <p>HKDF does not protect a weak passphrase: whoever guesses the text can derive the key.
 */
final class EncryptionKey {
  private static final byte[] KEY_INFO =
      "claviger encryption key 1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ID_INFO =
      "claviger encryption key id 1".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] LINK_INFO =
      "claviger request links 1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LINKS = new byte[0];

  private final EncryptionKeyId id;
  private final Aead aead;
  private final DeterministicAead links;

  private EncryptionKey(EncryptionKeyId id, Aead aead, DeterministicAead links) {
    this.id = id;
    this.aead = aead;
    this.links = links;
  }

  /**
   * @param text the operator's key as a text in UTF-8; the caller has found the key strong enough
   */
  @AccessesPartialKey
  static EncryptionKey derivedFrom(byte[] text) {
    byte[] key = hkdf(text, KEY_INFO, 32);
    byte[] linkKey = hkdf(text, LINK_INFO, 64);
    try {
      byte[] id = hkdf(text, ID_INFO, 4);
      AesGcmParameters parameters =
          AesGcmParameters.builder()
              .setKeySizeBytes(32)
              .setIvSizeBytes(12)
              .setTagSizeBytes(16)
              .setVariant(AesGcmParameters.Variant.TINK)
              .build();
      AesGcmKey aesGcm =
          AesGcmKey.builder()
              .setParameters(parameters)
              .setKeyBytes(SecretBytes.copyFrom(key, InsecureSecretKeyAccess.get()))
              .setIdRequirement(ByteBuffer.wrap(id).getInt())
              .build();
      return new EncryptionKey(
          new EncryptionKeyId(HexFormat.of().formatHex(id)),
          AesGcmJce.create(aesGcm),
          new AesSiv(linkKey));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks AES-GCM", e);
    } finally {
      Arrays.fill(key, (byte) 0);
      Arrays.fill(linkKey, (byte) 0);
    }
  }

  EncryptionKeyId id() {
    return id;
  }

  byte[] seal(byte[] plaintext, byte[] associatedData) {
    try {
      return aead.encrypt(plaintext, associatedData);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("sealing failed", e);
    }
  }

  byte[] open(byte[] ciphertext, byte[] associatedData) throws GeneralSecurityException {
    return aead.decrypt(ciphertext, associatedData);
  }

  byte[] encryptLink(byte[] content) {
    try {
      return links.encryptDeterministically(content, LINKS);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("encrypting failed", e);
    }
  }

  byte[] decryptLink(byte[] encrypted) throws GeneralSecurityException {
    return links.decryptDeterministically(encrypted, LINKS);
  }

  /** Computes HKDF-SHA256 without a salt. RFC 5869 allows this if the input is random. */
  static byte[] hkdf(byte[] input, byte[] info, int size) {
    try {
      return Hkdf.computeHkdf("HMACSHA256", input, new byte[0], info, size);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks HMAC with SHA-256", e);
    }
  }
}
