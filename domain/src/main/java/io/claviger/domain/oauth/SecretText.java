package io.claviger.domain.oauth;

import io.claviger.domain.accounts.TokenHash;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Makes texts of random bytes, and hashes of texts. */
final class SecretText {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private SecretText() {}

  static String base64(byte[] random, int bytes) {
    if (random.length != bytes) {
      throw new IllegalArgumentException(bytes + " random bytes are needed");
    }
    return BASE64.encodeToString(random);
  }

  static TokenHash hash(String text) {
    try {
      return new TokenHash(
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
