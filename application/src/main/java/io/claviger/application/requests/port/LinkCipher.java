package io.claviger.application.requests.port;

import java.util.Optional;

/**
 * Encrypts the content of links. Only the nodes of this deployment can encrypt and decrypt such
 * content. Equal content always gives equal bytes, so any amount of content can be encrypted with
 * one key.
 */
public interface LinkCipher {
  /** Returns the encrypted content, which reveals nothing but its length. Never blocks. */
  byte[] encrypt(byte[] content);

  /** Returns the content; empty if it was not encrypted with one of this node's keys. */
  Optional<byte[]> decrypt(byte[] encrypted);
}
