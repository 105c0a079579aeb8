package io.claviger.commands;

import io.claviger.client.terminal.Terminal;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/** A terminal at which the test computes the answer when a question is asked. */
record AnsweringTerminal(UnaryOperator<String> answer) implements Terminal {
  @Override
  public InputStream input() {
    return InputStream.nullInputStream();
  }

  @Override
  public boolean isInput() {
    return true;
  }

  @Override
  public boolean isOutput() {
    return false;
  }

  @Override
  public OptionalInt columns() {
    return OptionalInt.empty();
  }

  @Override
  public Optional<String> ask(String question) {
    return Optional.of(answer.apply(question));
  }

  @Override
  public Optional<char[]> askSecret(String question) {
    return Optional.empty();
  }
}
