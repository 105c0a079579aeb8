package io.claviger.imports.dhamps.crypto;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.subtle.AesGcmJce;
import com.google.crypto.tink.util.SecretBytes;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.Sha256;
import io.claviger.domain.keys.Secret;
import io.claviger.imports.dhamps.port.SourceDecryption;
import io.claviger.imports.shared.SourceKey;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Decrypts values that dhamps-vdb encrypted with AES-256-GCM. The key is the SHA-256 of the legacy
 * key's text. A value consists of a 12-byte nonce, the ciphertext and a 16-byte tag, without
 * associated data. This class can't encrypt.
 */
public final class DhampsDecryption implements SourceDecryption {
  private static final byte[] NO_ASSOCIATED_DATA = new byte[0];

  private final Optional<Aead> aead;

  private DhampsDecryption(Optional<Aead> aead) {
    this.aead = aead;
  }

  /** Returns an instance that has no key, and so decrypts nothing. */
  public static DhampsDecryption withoutKey() {
    return new DhampsDecryption(Optional.empty());
  }

  /**
   * @param text the legacy key's text in UTF-8; the caller must wipe the array
   */
  @AccessesPartialKey
  public static DhampsDecryption under(byte[] text) {
    byte[] key = Sha256.of(text);
    try {
      AesGcmParameters parameters =
          AesGcmParameters.builder()
              .setKeySizeBytes(32)
              .setIvSizeBytes(12)
              .setTagSizeBytes(16)
              .setVariant(AesGcmParameters.Variant.NO_PREFIX)
              .build();
      return new DhampsDecryption(
          Optional.of(
              AesGcmJce.create(
                  AesGcmKey.builder()
                      .setParameters(parameters)
                      .setKeyBytes(SecretBytes.copyFrom(key, InsecureSecretKeyAccess.get()))
                      .build())));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks AES-GCM", e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  @Override
  public boolean hasKey() {
    return aead.isPresent();
  }

  @Override
  public SourceKey open(Sealed sealed) {
    if (aead.isEmpty()) {
      return new SourceKey.Closed();
    }
    try {
      byte[] plain = aead.get().decrypt(sealed.bytes(), NO_ASSOCIATED_DATA);
      return new SourceKey.Usable(Secret.apiKey(plain));
    } catch (GeneralSecurityException e) {
      return new SourceKey.Closed();
    } catch (InvalidValue e) {
      return new SourceKey.Unusable();
    }
  }
}
