package io.claviger.custody;

import io.claviger.application.keys.port.Sealer;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Seals values with AES-256-GCM. The binding of a value is its associated data, so a sealed value
 * can be opened only with its own binding.
 */
public final class TinkSealer implements Sealer {
  private static final byte[] SENTINEL = "claviger".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SENTINEL_BINDING = "sentinel".getBytes(StandardCharsets.US_ASCII);

  private final Keyring keyring;

  public TinkSealer(Keyring keyring) {
    this.keyring = keyring;
  }

  @Override
  public SealedValue seal(Secret secret, KeyBinding binding) {
    return secret.lend(
        plain -> new SealedValue(keyring.first().seal(plain, binding.associatedData())));
  }

  @Override
  public Optional<Secret> open(SealedValue stored, KeyBinding binding) {
    return decrypt(stored, binding.associatedData()).map(Secret::takingOver);
  }

  @Override
  public EncryptionKeyId sealingKey() {
    return keyring.first().id();
  }

  @Override
  public SortedSet<EncryptionKeyId> keys() {
    return keyring.ids();
  }

  @Override
  public SealedValue sentinel(EncryptionKeyId id) {
    return new SealedValue(keyring.find(id).orElseThrow().seal(SENTINEL, SENTINEL_BINDING));
  }

  @Override
  public boolean opensSentinel(SealedValue sentinel) {
    return decrypt(sentinel, SENTINEL_BINDING)
        .filter(text -> Arrays.equals(text, SENTINEL))
        .isPresent();
  }

  private Optional<byte[]> decrypt(SealedValue stored, byte[] associatedData) {
    Optional<EncryptionKey> key = keyring.find(stored.sealedUnder());
    if (key.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(key.get().open(stored.bytes(), associatedData));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }
}
