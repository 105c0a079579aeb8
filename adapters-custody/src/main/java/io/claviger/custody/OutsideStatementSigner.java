package io.claviger.custody;

import io.claviger.application.issuer.port.StatementSigner;
import io.claviger.application.keys.port.OutsideKeyFailure;
import io.claviger.domain.issuer.VerificationKey;
import io.claviger.domain.keys.KeyUri;
import io.claviger.domain.keys.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Signs in a PKCS#11 token or in the Transit engine of Vault or OpenBao. The signing key never
 * leaves the token or the engine. The database contains only a sealed reference to the key and the
 * sealed public key. Somebody with write access to the database can't make the reference point to
 * another key, because the reference is sealed. The public key is stored so that Claviger can
 * publish it even while the token or server is unreachable.
 *
 * <p>Older private keys that are sealed in the database continue to sign until they are rotated.
 */
public final class OutsideStatementSigner implements StatementSigner {
  private static final String ALGORITHM = "SHA256withRSA";
  private static final int BITS = 2048;

  private final StatementSigner sealed = new RsaStatementSigner();
  private final KeyUri current;
  private final char @Nullable [] pin;
  private final Vault vault;

  /**
   * @param current the key that the next rotation will publish
   * @param pin the PIN of the tokens, or null if there is none; the new object keeps a copy of it
   */
  public OutsideStatementSigner(KeyUri current, char @Nullable [] pin, Vault vault) {
    this.current = current;
    this.pin = pin == null ? null : pin.clone();
    this.vault = vault;
  }

  /**
   * Returns a reference to an existing key. The operator created this key outside of Claviger; this
   * method does not create a key.
   */
  @Override
  public NewKey make() {
    OutsideKeyReference found =
        switch (current) {
          case KeyUri.Pkcs11 uri -> called(uri, () -> inToken(uri));
          case KeyUri.Transit uri -> inVault(uri);
        };
    return new NewKey(found.verification(), found.sealable());
  }

  @Override
  public Optional<VerificationKey> verification(Secret signing) {
    return sealed.verification(signing);
  }

  private static Optional<OutsideKeyReference> reference(Secret signing) {
    return signing.lend(OutsideKeyReference::of);
  }

  @Override
  public byte[] sign(Secret signing, byte[] content) {
    return reference(signing)
        .map(key -> verified(key, signed(key, content), content))
        .orElseGet(() -> sealed.sign(signing, content));
  }

  private byte[] signed(OutsideKeyReference key, byte[] content) {
    return switch (key.uri()) {
      case KeyUri.Pkcs11 uri -> called(uri, () -> signedInToken(uri, content));
      case KeyUri.Transit uri -> signedInVault(uri, key.version(), content);
    };
  }

  /**
   * Verifies a signature with the published public key, and returns the signature. So signatures by
   * another key with the same name are refused.
   */
  private static byte[] verified(OutsideKeyReference key, byte[] signature, byte[] content) {
    try {
      Signature check = Signature.getInstance(ALGORITHM);
      check.initVerify(
          KeyFactory.getInstance("RSA")
              .generatePublic(
                  new RSAPublicKeySpec(
                      key.verification().modulus(), key.verification().exponent())));
      check.update(content);
      if (check.verify(signature)) {
        return signature;
      }
    } catch (GeneralSecurityException e) {
      // The JDK can't even read these bytes as a signature, so they are refused like a wrong
      // signature.
    }
    throw OutsideKeyFailure.refused("%s is not the published key".formatted(key.uri()));
  }

  private static OutsideKeyReference reference(KeyUri uri, int version, PublicKey key) {
    if (!(key instanceof RSAPublicKey rsa) || rsa.getModulus().bitLength() != BITS) {
      throw OutsideKeyFailure.refused("the key is not an RSA key of 2048 bits");
    }
    return new OutsideKeyReference(
        uri, version, new VerificationKey(rsa.getModulus(), rsa.getPublicExponent()));
  }

  /** Uses a token on another thread, because a call into the token's library might hang. */
  private static <T> T called(KeyUri.Pkcs11 uri, Supplier<T> work) {
    return Pkcs11Calls.into(uri.modulePath()).call(Pkcs11Calls.PATIENCE, work, late -> {});
  }

  private Pkcs11Token token(KeyUri.Pkcs11 uri) {
    if (!uri.type().orElse("private").equals("private")) {
      throw OutsideKeyFailure.refused("statements can be signed only with keys of type=private");
    }
    return Pkcs11Token.open(uri, pin);
  }

  /**
   * Logs in to the PKCS#11 token that the next rotation will use, to find out whether the token
   * accepts the PIN. Does nothing if the key is in Vault.
   *
   * @throws OutsideKeyFailure if the token refuses the PIN or can't be used now
   */
  public void logIn() {
    if (current instanceof KeyUri.Pkcs11 uri) {
      Pkcs11Token unused = called(uri, () -> token(uri));
    }
  }

  private OutsideKeyReference inToken(KeyUri.Pkcs11 uri) {
    Certificate certificate = token(uri).certificate(uri.object());
    return reference(uri, 0, certificate.getPublicKey());
  }

  private byte[] signedInToken(KeyUri.Pkcs11 uri, byte[] content) {
    Pkcs11Token token = token(uri);
    if (!(token.key(uri.object()) instanceof PrivateKey key)) {
      throw OutsideKeyFailure.refused("the key with that label is not a private key");
    }
    try {
      Signature signature = Signature.getInstance(ALGORITHM, token.provider());
      signature.initSign(key);
      signature.update(content);
      return signature.sign();
    } catch (GeneralSecurityException | ProviderException e) {
      throw OutsideKeyFailure.away("the PKCS#11 token does not sign" + Pkcs11Token.code(e));
    }
  }

  private OutsideKeyReference inVault(KeyUri.Transit uri) {
    byte[] known = vault.get(uri);
    int version =
        Vault.value(known, JsonToken.VALUE_NUMBER_INT, JsonParser::getIntValue, "latest_version")
            .orElseThrow(() -> OutsideKeyFailure.refused("Vault's answer lacks the version"));
    String pem =
        Vault.value(
                known,
                JsonToken.VALUE_STRING,
                JsonParser::getString,
                "keys",
                Integer.toString(version),
                "public_key")
            .orElseThrow(() -> OutsideKeyFailure.refused("the key is not an RSA key of 2048 bits"));
    return reference(uri, version, publicKey(pem));
  }

  private static PublicKey publicKey(String pem) {
    try {
      byte[] encoded =
          Base64.getMimeDecoder().decode(pem.replaceAll("-----(BEGIN|END) PUBLIC KEY-----", ""));
      return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(encoded));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw OutsideKeyFailure.refused("the key is not an RSA key of 2048 bits");
    }
  }

  private byte[] signedInVault(KeyUri.Transit uri, int version, byte[] content) {
    String body =
        "{\"input\":\"%s\",\"signature_algorithm\":\"pkcs1v15\",\"key_version\":%s}"
            .formatted(Base64.getEncoder().encodeToString(content), version);
    byte[] answer = vault.post("sign", uri, "/sha2-256", body.getBytes(StandardCharsets.US_ASCII));
    String signature =
        Vault.value(answer, JsonToken.VALUE_STRING, JsonParser::getString, "signature")
            .orElseThrow(() -> OutsideKeyFailure.refused("Vault's answer lacks the signature"));
    try {
      return Base64.getDecoder().decode(signature.substring(signature.lastIndexOf(':') + 1));
    } catch (IllegalArgumentException e) {
      throw OutsideKeyFailure.refused("Vault's answer contains no valid signature");
    }
  }
}
