package io.claviger.application.issuer.port;

import io.claviger.domain.issuer.VerificationKey;
import io.claviger.domain.keys.Secret;
import java.util.Optional;

/** Makes the keys of the issuer, and signs with them by RSASSA-PKCS1-v1_5 with SHA-256. */
public interface StatementSigner {
  /**
   * A new key pair.
   *
   * @param signing what signs; the caller closes it
   */
  record NewKey(VerificationKey verification, Secret signing) {}

  NewKey make();

  /**
   * Returns the public half.
   *
   * @return empty if this signer has not made the key
   */
  Optional<VerificationKey> verification(Secret signing);

  /**
   * @param signing one of the keys that this signer has made
   */
  byte[] sign(Secret signing, byte[] content);
}
