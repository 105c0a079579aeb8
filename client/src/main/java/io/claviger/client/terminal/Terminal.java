package io.claviger.client.terminal;

import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalInt;

/** The standard streams of a command, and the means to ask the person who uses them. */
public interface Terminal {
  InputStream input();

  /** Whether standard input is a terminal on which somebody could type. */
  boolean isInput();

  /** Whether standard output is a terminal that somebody sees. */
  boolean isOutput();

  /**
   * Returns the width of the terminal in characters; empty if standard output is not a terminal.
   */
  OptionalInt columns();

  /**
   * Takes over the whole terminal for a command; empty if standard input or output is not a
   * terminal.
   */
  default Optional<Screen> screen() {
    return Optional.empty();
  }

  /**
   * Asks the user a question, and returns the line that the user typed. Empty if no user can be
   * asked.
   */
  Optional<String> ask(String question);

  /**
   * Asks the user for a secret, and returns what the user typed. Works like {@link #ask}, but does
   * not show the typed text.
   */
  Optional<char[]> askSecret(String question);
}
