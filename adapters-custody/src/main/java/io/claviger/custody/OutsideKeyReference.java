package io.claviger.custody;

import io.claviger.domain.issuer.VerificationKey;
import io.claviger.domain.keys.KeyUri;
import io.claviger.domain.keys.Secret;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A reference to a signing key that stays outside Claviger, together with the public key. The
 * reference is stored sealed, in place of a private key.
 *
 * @param version the version of a key in Transit; 0 if the key is in a PKCS#11 token
 */
record OutsideKeyReference(KeyUri uri, int version, VerificationKey verification) {
  private static final Pattern REFERENCE =
      Pattern.compile("outside:v1:([0-9]{1,9}):([A-Za-z0-9_-]+):([A-Za-z0-9_-]+):(.+)");

  Secret sealable() {
    return Secret.takingOver(
        "outside:v1:%s:%s:%s:%s"
            .formatted(version, verification.n(), verification.e(), uri.text())
            .getBytes(StandardCharsets.UTF_8));
  }

  /** Reads a reference; empty if the bytes are not a reference. */
  static Optional<OutsideKeyReference> of(byte[] bytes) {
    if (bytes.length == 0 || bytes[0] != 'o') {
      return Optional.empty();
    }
    Matcher matcher = REFERENCE.matcher(new String(bytes, StandardCharsets.UTF_8));
    return matcher.matches()
        ? Optional.of(
            new OutsideKeyReference(
                KeyUri.of(matcher.group(4)),
                Integer.parseInt(matcher.group(1)),
                new VerificationKey(number(matcher.group(2)), number(matcher.group(3)))))
        : Optional.empty();
  }

  private static BigInteger number(String base64url) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(base64url));
  }
}
