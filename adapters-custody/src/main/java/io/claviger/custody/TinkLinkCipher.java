package io.claviger.custody;

import io.claviger.application.requests.port.LinkCipher;
import io.claviger.domain.keys.EncryptionKeyId;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Encrypts links with AES-SIV (RFC 5297), which needs no nonce. AES-GCM with random nonces would be
 * safe only for a limited number of texts per key, but callers can cause any number of refusals,
 * each with a link. Each encryption key has a separate key for links. This separate key reveals
 * nothing about stored secrets. An encrypted text begins with the id of the encryption key. This id
 * also identifies the key for links.
 */
public final class TinkLinkCipher implements LinkCipher {
  private static final int ID_BYTES = 4;

  private final Keyring keyring;

  public TinkLinkCipher(Keyring keyring) {
    this.keyring = keyring;
  }

  @Override
  public byte[] encrypt(byte[] content) {
    EncryptionKey key = keyring.first();
    byte[] encrypted = key.encryptLink(content);
    return ByteBuffer.allocate(ID_BYTES + encrypted.length)
        .put(HexFormat.of().parseHex(key.id().value()))
        .put(encrypted)
        .array();
  }

  @Override
  public Optional<byte[]> decrypt(byte[] encrypted) {
    if (encrypted.length <= ID_BYTES) {
      return Optional.empty();
    }
    EncryptionKeyId id = new EncryptionKeyId(HexFormat.of().formatHex(encrypted, 0, ID_BYTES));
    Optional<EncryptionKey> key = keyring.find(id);
    if (key.isEmpty()) {
      return Optional.empty();
    }
    byte[] rest = new byte[encrypted.length - ID_BYTES];
    System.arraycopy(encrypted, ID_BYTES, rest, 0, rest.length);
    try {
      return Optional.of(key.get().decryptLink(rest));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }
}
