package io.claviger.bootstrap.cli;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Scanner;

/** Tells whether standard streams are a terminal, and asks questions on it. */
final class Terminal {
  private Terminal() {}

  static boolean isInput() {
    return is(0);
  }

  static boolean isOutput() {
    return is(1);
  }

  static boolean isErrorOutput() {
    return is(2);
  }

  /** Asks a question and returns the typed line. Empty if there is none. */
  static String asked(String question) {
    System.err.print(question);
    System.err.flush();
    Scanner typed = new Scanner(System.in, Charset.defaultCharset());
    return typed.hasNextLine() ? typed.nextLine().strip() : "";
  }

  /** Runs the system's test command, because Java can't tell for a single stream. */
  private static boolean is(int descriptor) {
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
