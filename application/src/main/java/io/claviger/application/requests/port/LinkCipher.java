package io.claviger.application.requests.port;

import java.util.Optional;

/**
 * Makes texts for links that only the nodes of this deployment can read and make. Equal bytes
 * always become the same text, so any number of texts can be made under one key.
 */
public interface LinkCipher {
  /** Returns bytes that reveal nothing but their length. Never blocks. */
  byte[] encrypt(byte[] content);

  /** Returns the content; empty when it was not encrypted under one of this node's keys. */
  Optional<byte[]> decrypt(byte[] encrypted);
}
