package io.claviger.custody;

import io.claviger.application.issuer.port.StatementSigner;
import io.claviger.application.keys.port.OutsideKeyFailure;
import io.claviger.domain.issuer.VerificationKey;
import io.claviger.domain.keys.Secret;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Optional;

/**
 * Signs statements with RSA keys of 2048 bits, which all providers accept. The sealed value is the
 * private key in PKCS #8 format. The JDK's objects can't be wiped, so a key can stay in memory for
 * a while after a signature.
 *
 * <p>The sealed value can also be a reference to a key outside Claviger with which other nodes
 * sign. This signer can't sign with such a key, but knows its public key. So all nodes publish the
 * same keys.
 */
public final class RsaStatementSigner implements StatementSigner {
  private static final String RSA = "RSA";
  private static final int BITS = 2048;

  @Override
  public NewKey make() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(RSA);
      generator.initialize(BITS);
      KeyPair pair = generator.generateKeyPair();
      return new NewKey(
          verification((RSAPrivateCrtKey) pair.getPrivate()),
          Secret.takingOver(pair.getPrivate().getEncoded()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK lacks RSA", e);
    }
  }

  private static VerificationKey verification(RSAPrivateCrtKey key) {
    return new VerificationKey(key.getModulus(), key.getPublicExponent());
  }

  @Override
  public Optional<VerificationKey> verification(Secret signing) {
    return signing.lend(
        bytes ->
            OutsideKeyReference.of(bytes)
                .map(OutsideKeyReference::verification)
                .or(() -> parsed(bytes).map(RsaStatementSigner::verification)));
  }

  private static OutsideKeyFailure keyOutside() {
    return OutsideKeyFailure.refused(
        "the key stays outside Claviger, and CLAVIGER_ISSUER_KEY is not set on this node");
  }

  /** Reads a key; empty if the bytes are not an RSA key. */
  private static Optional<RSAPrivateCrtKey> parsed(byte[] bytes) {
    try {
      return KeyFactory.getInstance(RSA).generatePrivate(new PKCS8EncodedKeySpec(bytes))
              instanceof RSAPrivateCrtKey key
          ? Optional.of(key)
          : Optional.empty();
    } catch (InvalidKeySpecException e) {
      return Optional.empty();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK lacks RSA", e);
    }
  }

  @Override
  public byte[] sign(Secret signing, byte[] content) {
    return signing.lend(
        bytes -> {
          try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(parsed(bytes).orElseThrow(RsaStatementSigner::keyOutside));
            signature.update(content);
            return signature.sign();
          } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing failed", e);
          }
        });
  }
}
