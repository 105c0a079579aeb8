package io.claviger.custody;

import io.claviger.application.audit.port.HeadSigner;
import io.claviger.domain.keys.Secret;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/**
 * Signs with the JDK's implementation of Ed25519. The sealed value is the private key in PKCS #8
 * format. The JDK's objects can't be wiped, so a key can stay in memory for a while after a
 * signature.
 */
public final class Ed25519HeadSigner implements HeadSigner {
  private static final String ED25519 = "Ed25519";

  @Override
  public NewKey make() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance(ED25519).generateKeyPair();
      return new NewKey(
          Base64.getEncoder().encodeToString(pair.getPublic().getEncoded()),
          Secret.takingOver(pair.getPrivate().getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks Ed25519", e);
    }
  }

  @Override
  public byte[] sign(Secret signing, byte[] content) {
    return signing.lend(
        bytes -> {
          try {
            Signature signature = Signature.getInstance(ED25519);
            signature.initSign(
                KeyFactory.getInstance(ED25519).generatePrivate(new PKCS8EncodedKeySpec(bytes)));
            signature.update(content);
            return signature.sign();
          } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing failed", e);
          }
        });
  }
}
