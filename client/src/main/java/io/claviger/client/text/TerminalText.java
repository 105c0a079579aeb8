package io.claviger.client.text;

/**
 * Makes texts from elsewhere safe for a terminal. Every text of a server or a file is printed by
 * these methods, or as JSON by {@link io.claviger.client.json.JsonTrees#pretty}, which escapes the
 * same characters.
 */
public final class TerminalText {
  private static final char REPLACEMENT = '\u00b7';

  private TerminalText() {}

  /**
   * Whether a character could control a terminal, or change the order or the lines in which text is
   * shown: control characters (C0, DEL, C1), format characters, among them those of bidirectional
   * text, and separators of lines and paragraphs.
   */
  public static boolean isUnsafe(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }

  /** Whether a text has a character that could control a terminal. */
  public static boolean hasUnsafe(String text) {
    return text.codePoints().anyMatch(TerminalText::isUnsafe);
  }

  /** Returns a text in one line, without characters that could control a terminal. */
  public static String line(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            character -> {
              if (!isBlank(character)) {
                line.appendCodePoint(isUnsafe(character) ? REPLACEMENT : character);
              } else if (!line.isEmpty() && line.charAt(line.length() - 1) != ' ') {
                line.append(' ');
              }
            });
    return line.toString().strip();
  }

  private static boolean isBlank(int character) {
    return character == ' ' || (character >= '\t' && character <= '\r');
  }

  /** Returns a text in which each character that could control a terminal is replaced. */
  public static String visible(String text) {
    StringBuilder visible = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            character -> visible.appendCodePoint(isUnsafe(character) ? REPLACEMENT : character));
    return visible.toString();
  }
}
