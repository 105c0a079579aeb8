package io.claviger.bootstrap.cli;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Scanner;

/** Tells whether standard streams are a terminal, and asks questions on it. */
final class StandardStreams {
  private StandardStreams() {}

  static boolean isInputTerminal() {
    return isTerminal(0);
  }

  static boolean isOutputTerminal() {
    return isTerminal(1);
  }

  static boolean isErrorTerminal() {
    return isTerminal(2);
  }

  /** Asks a question and returns the typed line. Empty if there is none. */
  static String ask(String question) {
    System.err.print(question);
    System.err.flush();
    Scanner typed = new Scanner(System.in, Charset.defaultCharset());
    return typed.hasNextLine() ? typed.nextLine().strip() : "";
  }

  /** Runs the system's test command, because Java can't tell for a single stream. */
  private static boolean isTerminal(int descriptor) {
    try {
      return new ProcessBuilder("test", "-t", Integer.toString(descriptor))
              .inheritIO()
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
