package io.claviger.commands;

import io.claviger.client.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What somebody types.
 *
 * @param piped what standard input has
 * @param typed where they are asked; empty where there is no terminal
 * @param columns of the terminal
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
