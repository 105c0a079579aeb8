package io.claviger.client.terminal;

import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalInt;

/** The standard streams of a command, and the person in front of them. */
public interface Terminal {
  InputStream input();

  /** Whether somebody could type on standard input. */
  boolean isInput();

  /** Whether standard output is shown to somebody. */
  boolean isOutput();

  /** How many columns there are; empty if standard output is no terminal. */
  OptionalInt columns();

  /** Takes the whole terminal for a command; empty if input or output is no terminal. */
  default Optional<Screen> screen() {
    return Optional.empty();
  }

  /** Asks a question and returns the line that was typed. Empty if no user can be asked. */
  Optional<String> ask(String question);

  /** Asks for a secret in the same way, but without showing the typed text. */
  Optional<char[]> askSecret(String question);
}
