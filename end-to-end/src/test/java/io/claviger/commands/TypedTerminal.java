package io.claviger.commands;

import io.claviger.client.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A terminal at which somebody types.
 *
 * @param piped the content of standard input
 * @param typed what the user types when a command asks; empty if there is no terminal
 * @param columns the width of the terminal
 */
record TypedTerminal(String piped, Optional<String> typed, OptionalInt columns)
    implements Terminal {
  static final TypedTerminal NONE = new TypedTerminal("", Optional.empty(), OptionalInt.empty());

  @Override
  public InputStream input() {
    return new ByteArrayInputStream(piped.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public boolean isInput() {
    return typed.isPresent();
  }

  @Override
  public boolean isOutput() {
    return columns.isPresent();
  }

  @Override
  public Optional<String> ask(String question) {
    return typed;
  }

  @Override
  public Optional<char[]> askSecret(String question) {
    return typed.map(String::toCharArray);
  }
}
