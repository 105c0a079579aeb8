package io.claviger.application.fakes;

import io.claviger.application.requests.port.LinkCipher;
import java.util.Optional;

/** {@link LinkCipher} that hides nothing, but refuses what it has not made. */
public final class InMemoryLinkCipher implements LinkCipher {
  private static final byte MADE_HERE = 42;

  @Override
  public byte[] encrypt(byte[] content) {
    byte[] encrypted = new byte[content.length + 1];
    encrypted[0] = MADE_HERE;
    System.arraycopy(content, 0, encrypted, 1, content.length);
    return encrypted;
  }

  @Override
  public Optional<byte[]> decrypt(byte[] encrypted) {
    if (encrypted.length == 0 || encrypted[0] != MADE_HERE) {
      return Optional.empty();
    }
    byte[] content = new byte[encrypted.length - 1];
    System.arraycopy(encrypted, 1, content, 0, content.length);
    return Optional.of(content);
  }
}
