package io.claviger.client.text;

import java.io.IOException;
import java.io.Writer;

/**
 * Shows a file on a terminal. Characters that could control the terminal are replaced, and only
 * line feeds end lines.
 */
public final class TerminalWriter extends Writer {
  private static final char NONE = 0;

  private final Writer terminal;

  /** The first half of a character whose second half has not been written yet. */
  private char half = NONE;

  public TerminalWriter(Writer terminal) {
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
      shown.append(TerminalText.visible(Character.toString(character)));
    }
  }

  @Override
  public void flush() throws IOException {
    terminal.flush();
  }

  /** Leaves the terminal open. */
  @Override
  public void close() throws IOException {
    flush();
  }
}
