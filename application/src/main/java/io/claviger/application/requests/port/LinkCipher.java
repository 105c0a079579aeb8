package io.claviger.application.requests.port;

import java.util.Optional;

/**
 * Encrypts the content of links. Only the nodes of this deployment can encrypt and decrypt it.
 * Equal content always gives equal bytes, so there is no limit to how much can be encrypted under
 * one key.
 */
public interface LinkCipher {
  /** Returns bytes that reveal nothing but their length. Never blocks. */
  byte[] encrypt(byte[] content);

  /** Returns the content; empty if it was not encrypted under one of this node's keys. */
  Optional<byte[]> decrypt(byte[] encrypted);
}
