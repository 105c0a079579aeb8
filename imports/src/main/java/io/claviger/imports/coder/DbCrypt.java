package io.claviger.imports.coder;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.subtle.AesGcmJce;
import com.google.crypto.tink.util.SecretBytes;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.keys.Secret;
import io.claviger.imports.shared.SourceKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Decrypts values that Coder encrypted ({@code enterprise/dbcrypt} in Coder's repository). A value
 * is the Base64 of a 12-byte nonce, the AES-256-GCM ciphertext and a 16-byte tag, without
 * associated data. The name of the value's key is stored with the value: the first 7 hexadecimal
 * digits of the SHA-256 of {@code aes256gcm} followed by the key. This class can't encrypt.
 */
public final class DbCrypt {
  private static final byte[] CIPHER = "aes256gcm".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NO_ASSOCIATED_DATA = new byte[0];
  private static final int KEY_BYTES = 32;
  private static final int DIGEST_LENGTH = 7;

  /** The text that Coder encrypts with each key and stores, to recognize the key later. */
  private static final byte[] PROOF = "coder".getBytes(StandardCharsets.US_ASCII);

  private final Map<String, Aead> ciphers;

  private DbCrypt(Map<String, Aead> ciphers) {
    this.ciphers = Map.copyOf(ciphers);
  }

  /**
   * A text as Coder stores it.
   *
   * @param digest the name of the key with which the text is encrypted; empty if it is not
   *     encrypted
   */
  record Stored(String text, Optional<String> digest) {}

  /** Returns an instance that has no key, and so can read only unencrypted texts. */
  public static DbCrypt withoutKey() {
    return new DbCrypt(Map.of());
  }

  /**
   * @param line a comma-separated list of Base64 keys; the caller wipes the array
   * @throws InvalidValue for the field {@code key_file}, if a key does not have 32 bytes
   */
  public static DbCrypt under(byte[] line) {
    Map<String, Aead> ciphers = new HashMap<>();
    int from = 0;
    for (int to = 0; to <= line.length; to++) {
      if (to == line.length || line[to] == ',') {
        byte[] part = Arrays.copyOfRange(line, from, to);
        try {
          add(part, ciphers);
        } finally {
          Arrays.fill(part, (byte) 0);
        }
        from = to + 1;
      }
    }
    return new DbCrypt(ciphers);
  }

  @AccessesPartialKey
  private static void add(byte[] encoded, Map<String, Aead> ciphers) {
    byte[] key = decoded(encoded);
    try {
      if (key.length != KEY_BYTES) {
        throw invalid();
      }
      AesGcmParameters parameters =
          AesGcmParameters.builder()
              .setKeySizeBytes(KEY_BYTES)
              .setIvSizeBytes(12)
              .setTagSizeBytes(16)
              .setVariant(AesGcmParameters.Variant.NO_PREFIX)
              .build();
      Aead aead =
          AesGcmJce.create(
              AesGcmKey.builder()
                  .setParameters(parameters)
                  .setKeyBytes(SecretBytes.copyFrom(key, InsecureSecretKeyAccess.get()))
                  .build());
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(CIPHER);
      String digest = HexFormat.of().formatHex(sha256.digest(key)).substring(0, DIGEST_LENGTH);
      Object unused = ciphers.put(digest, aead);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks AES-GCM or SHA-256", e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static byte[] decoded(byte[] encoded) {
    try {
      return Base64.getDecoder().decode(encoded);
    } catch (IllegalArgumentException e) {
      throw invalid();
    }
  }

  private static InvalidValue invalid() {
    return new InvalidValue(
        "key_file", "one line with the base64 of 32 bytes, or several with commas between them");
  }

  boolean hasKey() {
    return !ciphers.isEmpty();
  }

  /** Whether a text is the proof of one of this instance's keys. */
  boolean proves(Stored proof) {
    return proof
        .digest()
        .flatMap(digest -> decrypted(proof.text(), digest))
        .map(plain -> Arrays.equals(plain, PROOF))
        .orElse(false);
  }

  /** Decrypts a key. The caller has to close the secret. */
  SourceKey open(Stored stored) {
    if (stored.text().isEmpty()) {
      return new SourceKey.Absent();
    }
    Optional<byte[]> plain =
        stored.digest().isEmpty()
            ? Optional.of(stored.text().getBytes(StandardCharsets.UTF_8))
            : decrypted(stored.text(), stored.digest().get());
    if (plain.isEmpty()) {
      return new SourceKey.Closed();
    }
    try {
      return new SourceKey.Usable(Secret.apiKey(plain.get()));
    } catch (InvalidValue e) {
      return new SourceKey.Unusable();
    }
  }

  private Optional<byte[]> decrypted(String text, String digest) {
    Optional<Aead> cipher = Optional.ofNullable(ciphers.get(digest));
    if (cipher.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          cipher.get().decrypt(Base64.getDecoder().decode(text), NO_ASSOCIATED_DATA));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
