package io.claviger.domain.keys;

import io.claviger.domain.InvalidValue;
import java.util.Base64;

/**
 * An encryption key that is encrypted with a key outside of Claviger. The text of such a key,
 * {@code wrapped:v1:BASE64URL:URI}, may be shown, because the text is useless without the other
 * key.
 *
 * @param wrapped the encrypted key
 * @param with the URI of the key outside of Claviger with which this key is encrypted
 */
@SuppressWarnings("ArrayRecordComponent") // no instance is compared
public record WrappedKey(byte[] wrapped, KeyUri with) {
  private static final String MARK = "wrapped:";
  private static final String START = MARK + "v1:";
  private static final int LARGEST = 32_768;

  /**
   * Whether a text is meant to be a wrapped key, even if it has a fault. A text that is meant to be
   * a wrapped key must never itself be used as a key, because other people might have seen it.
   *
   * @param text the text to examine, which is read character by character, so that no copy of a key
   *     stays in memory
   */
  public static boolean isMeantBy(CharSequence text) {
    for (int at = 0; at + MARK.length() <= text.length(); at++) {
      int same = 0;
      while (same < MARK.length()
          && Character.toLowerCase(text.charAt(at + same)) == MARK.charAt(same)) {
        same++;
      }
      if (same == MARK.length()) {
        return true;
      }
    }
    return false;
  }

  /**
   * @throws InvalidValue if the text is not a wrapped key. The exception names {@code wrapped} or
   *     {@code uri}, and the rule
   */
  public static WrappedKey of(String text) {
    int end = text.indexOf(':', START.length());
    if (!text.startsWith(START) || end < 0) {
      throw malformed();
    }
    byte[] wrapped;
    try {
      wrapped = Base64.getUrlDecoder().decode(text.substring(START.length(), end));
    } catch (IllegalArgumentException e) {
      throw malformed();
    }
    if (wrapped.length == 0 || wrapped.length > LARGEST) {
      throw malformed();
    }
    return new WrappedKey(wrapped, KeyUri.of(text.substring(end + 1)));
  }

  private static InvalidValue malformed() {
    return new InvalidValue("wrapped", "wrapped:v1:BASE64URL:URI, as `keys wrap` prints it");
  }

  /** Returns the line for this key in the operator's list of encryption keys. */
  public String line() {
    return START
        + Base64.getUrlEncoder().withoutPadding().encodeToString(wrapped)
        + ":"
        + with.text();
  }

  @Override
  public String toString() {
    return "WrappedKey[" + with + "]";
  }
}
