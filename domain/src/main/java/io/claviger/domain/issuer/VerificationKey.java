package io.claviger.domain.issuer;

import io.claviger.domain.Sha256;
import java.math.BigInteger;
import java.util.Base64;

/** A public RSA key with which providers verify statements. */
public record VerificationKey(BigInteger modulus, BigInteger exponent) {
  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

  /** Returns the modulus as it is written in a JWK (RFC 7518, 6.3.1). */
  public String n() {
    return encoded(modulus);
  }

  /** Returns the exponent as it is written in a JWK (RFC 7518, 6.3.1). */
  public String e() {
    return encoded(exponent);
  }

  /**
   * Returns the id of the key in the key set and in the headers of statements: its thumbprint as in
   * RFC 7638. No other key can have the same id.
   */
  public String kid() {
    String canonical = "{\"e\":\"" + e() + "\",\"kty\":\"RSA\",\"n\":\"" + n() + "\"}";
    return BASE64URL.encodeToString(Sha256.of(canonical));
  }

  /** Returns the bytes of a positive number, without a leading zero byte for the sign. */
  private static String encoded(BigInteger number) {
    byte[] bytes = number.toByteArray();
    int from = bytes.length > 1 && bytes[0] == 0 ? 1 : 0;
    byte[] digits = new byte[bytes.length - from];
    System.arraycopy(bytes, from, digits, 0, digits.length);
    return BASE64URL.encodeToString(digits);
  }
}
