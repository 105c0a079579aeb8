package io.claviger.domain;

/**
 * What characters a text may hold. PostgreSQL stores no NUL, UTF-8 no lone surrogate, and a line no
 * control character.
 */
final class Characters {
  private Characters() {}

  /**
   * No lone surrogates and no control characters but, where {@code lines} is set, tab and line
   * ends.
   */
  static boolean printable(String text, boolean lines) {
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
