package io.claviger.domain;

/**
 * Checks which characters a text contains. PostgreSQL can't store NUL, UTF-8 can't encode a lone
 * surrogate, and a single line must not have control characters.
 */
public final class Characters {
  private Characters() {}

  /** Whether the text has no lone surrogates and no control characters. */
  public static boolean isLine(String text) {
    return isPrintable(text, false);
  }

  /**
   * Whether the text has no lone surrogates, and no control characters except tabs and line ends.
   */
  public static boolean isLines(String text) {
    return isPrintable(text, true);
  }

  private static boolean isPrintable(String text, boolean lines) {
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        return false;
      }
      boolean lineEnd = c == '\t' || c == '\n' || c == '\r';
      if (Character.isISOControl(c) && !(lines && lineEnd)) {
        return false;
      }
      i += Character.charCount(c);
    }
    return true;
  }
}
