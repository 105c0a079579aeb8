package io.claviger.client.terminal;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The standard streams of this process. */
public final class StandardTerminal implements Terminal {
  private static final int INPUT = 0;
  private static final int OUTPUT = 1;
  private static final Pattern SIZE = Pattern.compile("\\d+ (\\d+)\\s*");

  private final Map<String, String> environment;

  public StandardTerminal(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public InputStream input() {
    return System.in;
  }

  @Override
  public boolean isInput() {
    return isTerminal(INPUT);
  }

  @Override
  public boolean isOutput() {
    return isTerminal(OUTPUT);
  }

  @Override
  public OptionalInt columns() {
    if (!isOutput()) {
      return OptionalInt.empty();
    }
    String given = environment.getOrDefault("COLUMNS", "");
    return OptionalInt.of(given.matches("[1-9]\\d{0,3}") ? Integer.parseInt(given) : measured());
  }

  private static int measured() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/tty")))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      Matcher columns = SIZE.matcher(size);
      return columns.matches() && !columns.group(1).equals("0")
          ? Integer.parseInt(columns.group(1))
          : USUAL_COLUMNS;
    } catch (IOException e) {
      return USUAL_COLUMNS;
    }
  }

  private static final int USUAL_COLUMNS = 80;

  @Override
  public Optional<String> ask(String question) {
    return console().map(console -> console.readLine("%s", question)).map(String::strip);
  }

  @Override
  public Optional<char[]> askSecret(String question) {
    return console().map(console -> console.readPassword("%s", question));
  }

  /** The JDK's plain console, which exists only if both standard streams are a terminal. */
  private static Optional<Console> console() {
    System.setProperty("jdk.console", "java.base");
    return Optional.ofNullable(System.console());
  }

  /**
   * Whether a standard stream is a terminal; false if that can't be found out. Runs the system's
   * test command, because Java can't find it out for a single stream.
   *
   * @param descriptor 0 for input, 1 for output, 2 for errors
   */
  public static boolean isTerminal(int descriptor) {
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
