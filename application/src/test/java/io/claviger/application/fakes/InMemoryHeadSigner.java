package io.claviger.application.fakes;

import io.claviger.application.audit.port.HeadSigner;
import io.claviger.domain.keys.Secret;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;

/** {@link HeadSigner} that keeps its only key. What is sealed of it is not the key. */
public final class InMemoryHeadSigner implements HeadSigner {
  private final KeyPair pair;

  public InMemoryHeadSigner() {
    try {
      pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public NewKey make() {
    return new NewKey(
        Base64.getEncoder().encodeToString(pair.getPublic().getEncoded()),
        Secret.takingOver(new byte[48]));
  }

  @Override
  public byte[] sign(Secret signing, byte[] content) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(pair.getPrivate());
      signature.update(content);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
