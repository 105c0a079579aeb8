package io.claviger.application.audit.port;

import io.claviger.domain.keys.Secret;

/** Makes Ed25519 keys, and signs heads of the audit trail with these keys. */
public interface HeadSigner {
  /**
   * A new key pair.
   *
   * @param publicKey a SubjectPublicKeyInfo in base64
   * @param signing the private key, for signatures; the caller must close this key
   */
  record NewKey(String publicKey, Secret signing) {}

  NewKey make();

  /** Returns the signature of the content. Each signature has 64 bytes. */
  byte[] sign(Secret signing, byte[] content);
}
