package io.claviger.domain.accounts;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.Sha256;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * Identifies a certificate by the SHA-256 of its DER form, like {@code x5t#S256} in RFC 8705.
 *
 * @param value the hash in base64url without padding, 43 characters
 */
public record CertificateThumbprint(String value) {
  /**
   * Matches a thumbprint. The last character carries four bits of the hash; its other two bits must
   * be zero.
   */
  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]");

  /**
   * @throws InvalidValue when the value is not 43 characters of base64url
   */
  public CertificateThumbprint {
    if (!SHAPE.matcher(value).matches()) {
      throw new InvalidValue(
          "certificate_sha256",
          "the SHA-256 of a certificate's DER form in base64url, 43 characters without padding");
    }
  }

  /** Computes the thumbprint of a certificate from its DER form. */
  public static CertificateThumbprint of(byte[] der) {
    return new CertificateThumbprint(
        Base64.getUrlEncoder().withoutPadding().encodeToString(Sha256.of(der)));
  }
}
