package io.claviger.domain;

/**
 * Checks which characters a text contains, and marks characters that readers don't see. PostgreSQL
 * can't store NUL, UTF-8 can't encode a lone surrogate, and a single line must not have control
 * characters.
 */
public final class Characters {
  private static final int NON_JOINER = 0x200C;
  private static final int JOINER = 0x200D;

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

  /** Whether the text has at most this number of characters (code points). */
  public static boolean isAtMost(int most, String text) {
    return text.length() <= most || text.codePointCount(0, text.length()) <= most;
  }

  /** Returns the beginning of the text, with at most this number of characters (code points). */
  public static String first(int most, String text) {
    return isAtMost(most, text) ? text : text.substring(0, text.offsetByCodePoints(0, most));
  }

  /**
   * Replaces each character that can mislead readers by its visible code, such as {@code ‹U+202E›}.
   * A misleading character is invisible, changes the order of other characters, or separates lines
   * or paragraphs. The two joiners (U+200C and U+200D) stay, because some languages and emoji need
   * them.
   */
  public static String marked(String text) {
    if (text.codePoints().noneMatch(Characters::isUnseen)) {
      return text;
    }
    StringBuilder marked = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (isUnseen(c)) {
                marked.append("‹U+%04X›".formatted(c));
              } else {
                marked.appendCodePoint(c);
              }
            });
    return marked.toString();
  }

  private static boolean isUnseen(int c) {
    return switch (Character.getType(c)) {
      case Character.FORMAT -> c != NON_JOINER && c != JOINER;
      case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
      default -> false;
    };
  }

  private static boolean isPrintable(String text, boolean lines) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c <= '~') {
        continue; // Nearly all characters of names end here. Each call checks the model's name.
      }
      boolean lineEnd = c == '\t' || c == '\n' || c == '\r';
      if (Character.isISOControl(c) && !(lines && lineEnd)) {
        return false;
      }
      if (Character.isSurrogate(c)) {
        if (!Character.isSupplementaryCodePoint(text.codePointAt(i))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
