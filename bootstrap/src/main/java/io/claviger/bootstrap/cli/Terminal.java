package io.claviger.bootstrap.cli;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Scanner;

/** Whether somebody sits in front of it. */
final class Terminal {
  private Terminal() {}

  static boolean isInput() {
    return is(0);
  }

  static boolean isErrorOutput() {
    return is(2);
  }

  /** What is typed, or nothing. */
  static String asked(String question) {
    System.err.print(question);
    System.err.flush();
    Scanner typed = new Scanner(System.in, Charset.defaultCharset());
    return typed.hasNextLine() ? typed.nextLine().strip() : "";
  }

  /** Java itself can't tell for one stream: the system's own test can. */
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
