package io.claviger.domain.sessions;

import io.claviger.domain.Sha256;
import io.claviger.domain.accounts.TokenHash;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;

/**
 * A random text that a browser stores and sends back, such as a session's cookie. Only its hash is
 * stored.
 *
 * <p>{@link #toString} hides the text. Only {@link #reveal} returns the text, for the response that
 * sets the cookie.
 */
public final class BrowserSecret {
  private static final int BYTES = 32;
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final String text;

  private BrowserSecret(String text) {
    this.text = text;
  }

  /**
   * Wraps a text that a browser sent. This method accepts any text. If the text belongs to no
   * session, a later lookup finds no session.
   */
  public static BrowserSecret presented(String text) {
    return new BrowserSecret(text);
  }

  /**
   * Creates a new secret.
   *
   * @param random 32 random bytes
   */
  public static BrowserSecret of(byte[] random) {
    if (random.length != BYTES) {
      throw new IllegalArgumentException("a secret must be made of 32 random bytes");
    }
    return new BrowserSecret(BASE64.encodeToString(random));
  }

  /** The SHA-256 under which the secret is stored. */
  public TokenHash hash() {
    return new TokenHash(Sha256.of(text));
  }

  /**
   * Derives another secret text from this secret: 43 URL-safe characters. The derived text can't be
   * computed without this secret, and does not reveal this secret.
   *
   * @param purpose the purpose of the text; different purposes result in unrelated texts
   */
  public String derive(String purpose) {
    return BASE64.encodeToString(Sha256.of(purpose + "\n" + text));
  }

  public String reveal() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BrowserSecret that
        && MessageDigest.isEqual(bytes(text), bytes(that.text));
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return "BrowserSecret[hidden]";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
