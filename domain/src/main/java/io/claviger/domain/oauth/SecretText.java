package io.claviger.domain.oauth;

import io.claviger.domain.Sha256;
import io.claviger.domain.accounts.TokenHash;
import java.util.Base64;

/** The text of a secret that is stored only as a hash. {@link #toString} hides the text. */
abstract sealed class SecretText permits DeviceCode, RefreshToken {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  final String text;

  SecretText(String text) {
    this.text = text;
  }

  static String base64(byte[] random, int bytes) {
    if (random.length != bytes) {
      throw new IllegalArgumentException(bytes + " random bytes are needed");
    }
    return BASE64.encodeToString(random);
  }

  static TokenHash hash(String text) {
    return new TokenHash(Sha256.of(text));
  }

  public TokenHash hash() {
    return hash(text);
  }

  /** Returns the text itself. The text is shown in only one response. */
  public String reveal() {
    return text;
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "[hidden]";
  }
}
