package io.claviger.domain.audit;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;

/**
 * The link that was the newest link of the chain at a certain time, signed with Ed25519. Somebody
 * who stores a head in another place can prove later that no event before the head was changed.
 *
 * @param number the number of the link
 * @param hash the hash of the link
 * @param at the time at which the head was signed
 * @param publicKey the key that verifies the signature, as a SubjectPublicKeyInfo in base64
 * @param signature the signature of the text from {@link #signed}, in base64
 */
public record ChainHead(long number, String hash, Instant at, String publicKey, String signature) {

  /**
   * Returns the text that is signed: lines of ASCII, so that any program can verify the signature.
   *
   * @param at the time, with at most microsecond precision
   */
  public static byte[] signed(long number, String hash, Instant at) {
    return "claviger audit head 1\n%s\n%s\n%s\n"
        .formatted(number, hash, at.truncatedTo(ChronoUnit.MICROS))
        .getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Returns the id of a public key: the base64url of the SHA-256 of its bytes, 43 characters.
   *
   * @throws InvalidValue if the public key is not valid base64
   */
  public static String keyId(String publicKey) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Sha256.of(decoded("public_key", publicKey)));
  }

  /**
   * Returns the id of the key that signed this head.
   *
   * @throws InvalidValue if the public key is not valid base64
   */
  public String keyId() {
    return keyId(publicKey);
  }

  /** Whether the signature is valid for the number, hash, time and key of this head. */
  public boolean isSigned() {
    return isSigned(publicKey, signed(number, hash, at), signature);
  }

  /**
   * Whether a signature of some content is valid for a key. The signature and the key are in
   * base64.
   */
  public static boolean isSigned(String publicKey, byte[] content, String signature) {
    try {
      PublicKey key =
          KeyFactory.getInstance("Ed25519")
              .generatePublic(new X509EncodedKeySpec(decoded("public_key", publicKey)));
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key);
      verifier.update(content);
      return verifier.verify(decoded("signature", signature));
    } catch (GeneralSecurityException | InvalidValue e) {
      return false;
    }
  }

  private static byte[] decoded(String field, String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidValue(field, "base64");
    }
  }
}
