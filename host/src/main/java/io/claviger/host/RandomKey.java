package io.claviger.host;

import java.security.SecureRandom;
import java.util.Base64;

/** Creates random key texts of 256 bits. A key text has 43 characters of base64url. */
public final class RandomKey {
  private static final int BYTES = 32;

  private final SecureRandom random = new SecureRandom();

  public Confidential next() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return Confidential.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }
}
