package io.claviger.bootstrap.cli;

import io.claviger.client.terminal.StandardTerminal;
import java.nio.charset.Charset;
import java.util.Scanner;

/** Detects whether the standard streams are a terminal, and asks questions on the terminal. */
final class StandardStreams {
  private StandardStreams() {}

  static boolean isInputTerminal() {
    return StandardTerminal.isTerminal(0);
  }

  static boolean isOutputTerminal() {
    return StandardTerminal.isTerminal(1);
  }

  static boolean isErrorTerminal() {
    return StandardTerminal.isTerminal(2);
  }

  /** Asks a question and returns the typed line. The result is empty if no line was typed. */
  static String ask(String question) {
    System.err.print(question);
    System.err.flush();
    Scanner typed = new Scanner(System.in, Charset.defaultCharset());
    return typed.hasNextLine() ? typed.nextLine().strip() : "";
  }
}
