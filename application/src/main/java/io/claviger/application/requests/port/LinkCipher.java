package io.claviger.application.requests.port;

import java.util.Optional;

/**
 * Encrypts and decrypts the content of links. Only the nodes of this deployment can encrypt and
 * decrypt this content. Equal content always results in equal bytes. The encryption uses no random
 * numbers, because random numbers could repeat. So one key can encrypt any amount of content.
 */
public interface LinkCipher {
  /** Returns the encrypted content, which reveals only the length of the content. Never blocks. */
  byte[] encrypt(byte[] content);

  /**
   * Returns the decrypted content; empty if the content was not encrypted with one of this node's
   * keys.
   */
  Optional<byte[]> decrypt(byte[] encrypted);
}
