package io.claviger.client.text;

import java.io.IOException;
import java.io.Writer;
import java.util.regex.Pattern;

/**
 * Makes texts from other sources safe for a terminal. Every text from a server or a file is printed
 * in one of three ways: through the methods of this class; as JSON from {@link
 * io.claviger.client.json.JsonTrees#pretty}, which escapes the same characters; or, if it is a
 * whole file, through the writer from {@link #filtering}.
 */
public final class TerminalText {
  private static final char REPLACEMENT = '\u00b7';
  private static final char ELLIPSIS = '\u2026';
  private static final char OPENING_QUOTE = '\u201c';
  private static final char CLOSING_QUOTE = '\u201d';

  /** Matches names that nobody could mistake for a part of the surrounding text. */
  private static final Pattern PLAIN_NAME = Pattern.compile("[\\p{L}\\p{N}._:/@*+~#-]+");

  /** The first and the last character of each range of wide characters. */
  private static final int[] WIDE = {
    0x1100, 0x115f, 0x231a, 0x231b, 0x2329, 0x232a, 0x23e9, 0x23ec, 0x2e80, 0x303e, 0x3041, 0xa4cf,
    0xa960, 0xa97f, 0xac00, 0xd7a3, 0xf900, 0xfaff, 0xfe10, 0xfe19, 0xfe30, 0xfe6f, 0xff00, 0xff60,
    0xffe0, 0xffe6, 0x16fe0, 0x18cff, 0x1aff0, 0x1b2ff, 0x1f004, 0x1f004, 0x1f0cf, 0x1f0cf, 0x1f18e,
    0x1f19a, 0x1f200, 0x1f64f, 0x1f680, 0x1f6ff, 0x1f7e0, 0x1f7eb, 0x1f90c, 0x1faff, 0x20000,
    0x3fffd
  };

  private TerminalText() {}

  /**
   * Whether a character could control a terminal, or change the direction or the lines of text. The
   * unsafe characters are control characters (C0, DEL, C1), format characters such as those for
   * bidirectional text, and line and paragraph separators.
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

  /** Whether a text contains a character that could control a terminal. */
  public static boolean hasUnsafe(String text) {
    return text.codePoints().anyMatch(TerminalText::isUnsafe);
  }

  /** Returns a text as one line, without characters that could control a terminal. */
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

  /**
   * Puts a text that somebody else wrote into quotation marks. The text itself can't contain the
   * closing quotation mark.
   */
  public static String quoted(String text) {
    return OPENING_QUOTE
        + text.replace(OPENING_QUOTE, '"').replace(CLOSING_QUOTE, '"')
        + CLOSING_QUOTE;
  }

  /**
   * Returns a name that somebody else chose. The name is put into quotation marks if it could be
   * mistaken for a part of the surrounding text, for example because it contains blanks.
   */
  public static String name(String name) {
    return PLAIN_NAME.matcher(name).matches() ? name : quoted(name);
  }

  /** Returns a text in which characters that could control a terminal are replaced. */
  public static String visible(String text) {
    StringBuilder visible = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            character -> visible.appendCodePoint(isUnsafe(character) ? REPLACEMENT : character));
    return visible.toString();
  }

  /**
   * Returns a writer for showing a file on a terminal. The writer replaces characters that could
   * control the terminal, and only line feeds end a line. Closing the writer does not close the
   * terminal.
   */
  public static Writer filtering(Writer terminal) {
    return new Filter(terminal);
  }

  /**
   * Returns how many terminal columns a text takes. Characters of East Asian scripts and pictures
   * take two columns each, and combining marks take none.
   */
  public static int width(String text) {
    return text.codePoints().map(TerminalText::width).sum();
  }

  private static int width(int character) {
    return switch (Character.getType(character)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> 0;
      default -> isWide(character) ? 2 : 1;
    };
  }

  /**
   * Whether a character takes two columns, according to Unicode's table of East Asian widths. This
   * class contains a simplified form of that table.
   */
  private static boolean isWide(int character) {
    if (character < 0x1100) {
      return false;
    }
    for (int n = 0; n < WIDE.length; n += 2) {
      if (character >= WIDE[n] && character <= WIDE[n + 1]) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns a text that takes at most the given number of columns. If the text is too long, its end
   * is replaced by an ellipsis.
   */
  public static String cut(String text, int columns) {
    if (width(text) <= columns) {
      return text;
    }
    int end = 0;
    int taken = 0;
    while (end < text.length()) {
      int character = text.codePointAt(end);
      taken += width(character);
      if (taken > columns - 1) {
        break;
      }
      end += Character.charCount(character);
    }
    return text.substring(0, end) + ELLIPSIS;
  }

  private static final class Filter extends Writer {
    private static final char NONE = 0;

    private final Writer terminal;

    /** The first half of a surrogate pair whose second half has not been written yet. */
    private char half = NONE;

    Filter(Writer terminal) {
      this.terminal = terminal;
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
      StringBuilder shown = new StringBuilder(length + 1);
      for (int i = from; i < from + length; i++) {
        char next = text[i];
        if (Character.isHighSurrogate(next)) {
          half = next;
        } else {
          append(
              shown,
              Character.isSurrogatePair(half, next) ? Character.toCodePoint(half, next) : next);
          half = NONE;
        }
      }
      terminal.write(shown.toString());
    }

    private static void append(StringBuilder shown, int character) {
      if (character == '\n') {
        shown.append('\n');
      } else if (character != '\r') {
        shown.append(visible(Character.toString(character)));
      }
    }

    @Override
    public void flush() throws IOException {
      terminal.flush();
    }

    /** Flushes the text, but does not close the terminal. */
    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
