package io.claviger.client.output;

/**
 * What a table cell means to the reader, for example a warning. On a terminal, a colour shows this
 * meaning, which the cell's text also expresses.
 */
public enum Tone {
  PLAIN(""),
  GOOD("\u001b[32m"),
  CARE("\u001b[33m"),
  BAD("\u001b[31m"),
  /** A text that is less important than the text next to it. */
  QUIET("\u001b[2m");

  private static final String END = "\u001b[0m";

  private final String begin;

  Tone(String begin) {
    this.begin = begin;
  }

  public String of(String text) {
    return begin.isEmpty() || text.isBlank() ? text : begin + text + END;
  }
}
