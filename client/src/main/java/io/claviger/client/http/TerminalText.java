package io.claviger.client.http;

/** Texts from elsewhere, made fit for a terminal. */
public final class TerminalText {
  private TerminalText() {}

  /** In one line, without characters that could control a terminal. */
  public static String line(String text) {
    return text.replaceAll("\\s+", " ").replaceAll("[\\p{Cc}\\p{Cf}]", "\u00b7").strip();
  }
}
