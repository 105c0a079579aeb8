package io.claviger.application.shared;

import io.claviger.domain.keys.EncryptionKeyId;

/**
 * This node lacks the encryption key with which a stored value is sealed. The value is neither lost
 * nor forged, because other nodes have the key. So nothing may be changed or ended only because
 * this node can't open the value.
 */
public final class MissingEncryptionKey extends RuntimeException {
  public MissingEncryptionKey(EncryptionKeyId id) {
    super("this node lacks the encryption key " + id.value() + ", which other nodes have");
  }
}
