package io.claviger.application.issuer.port;

import io.claviger.domain.issuer.VerificationKey;
import io.claviger.domain.keys.Secret;
import java.util.Optional;

/**
 * Makes the keys of the issuer, and signs statements with these keys, using RSASSA-PKCS1-v1_5 with
 * SHA-256. For keys that are kept outside Claviger, the sealed value contains only the name of the
 * key.
 */
public interface StatementSigner {
  /**
   * A new key pair.
   *
   * @param signing the private key, or the name of a key outside Claviger; the caller must close it
   */
  record NewKey(VerificationKey verification, Secret signing) {}

  /**
   * @throws io.claviger.application.keys.port.OutsideKeyFailure if the key is outside Claviger and
   *     can't be used now
   */
  NewKey make();

  /**
   * Returns the public half of a key.
   *
   * @return the public half; empty if the key was not made by this signer
   */
  Optional<VerificationKey> verification(Secret signing);

  /**
   * @param signing a private key, or name of a key, that this signer made
   * @throws io.claviger.application.keys.port.OutsideKeyFailure if the key is outside Claviger and
   *     can't be used now
   */
  byte[] sign(Secret signing, byte[] content);
}
