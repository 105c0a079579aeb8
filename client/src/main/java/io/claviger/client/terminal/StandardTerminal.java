package io.claviger.client.terminal;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The standard input, output and error of this process. */
public final class StandardTerminal implements Terminal {
  private static final int INPUT = 0;
  private static final int OUTPUT = 1;
  private static final Pattern SIZE = Pattern.compile("(\\d{1,4}) (\\d{1,4})");

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
    return Size.measured().columns();
  }

  private record Size(int rows, int columns) {
    static Size measured() {
      Matcher size = SIZE.matcher(stty("size"));
      return size.matches() && !size.group(1).equals("0") && !size.group(2).equals("0")
          ? new Size(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2)))
          : new Size(USUAL_ROWS, USUAL_COLUMNS);
    }
  }

  /**
   * Runs the system's stty command on the terminal. Returns the output of {@code stty}; empty if it
   * fails.
   */
  private static String stty(String... arguments) {
    try {
      Process stty =
          new ProcessBuilder(Stream.concat(Stream.of("stty"), Stream.of(arguments)).toList())
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/tty")))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return stty.waitFor() == 0 ? said.strip() : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  @Override
  public Optional<Screen> screen() {
    if (!isInput() || !isOutput()) {
      return Optional.empty();
    }
    String before = stty("-g");
    return before.isEmpty() ? Optional.empty() : Optional.of(new WholeScreen(before));
  }

  /** Draws on the alternate screen of the terminal, so that earlier output is preserved. */
  private static final class WholeScreen implements Screen {
    private static final String BEGIN = "\u001b[?1049h\u001b[?25l";
    private static final String END = "\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String REST_OF_LINE = "\u001b[K";
    private static final String REST_OF_SCREEN = "\u001b[J";

    private final String before;
    private final PrintWriter out =
        new PrintWriter(System.out, false, System.out.charset()); // the terminal's own
    private final Thread atExit = new Thread(this::restore);
    private Size size = Size.measured();

    /**
     * @param before the former settings of the terminal, as printed by {@code stty}
     */
    WholeScreen(String before) {
      this.before = before;
      Runtime.getRuntime().addShutdownHook(atExit); // also after Ctrl-C
      String unused = stty("-echo", "-icanon", "min", "0", "time", "1", "susp", "undef");
      out.print(BEGIN);
      out.flush();
    }

    @Override
    public int columns() {
      return size.columns();
    }

    @Override
    public int rows() {
      return size.rows();
    }

    @Override
    public void draw(List<String> lines) {
      out.print(HOME);
      out.print(
          lines.stream()
              .limit(rows())
              .map(line -> line + REST_OF_LINE)
              .collect(Collectors.joining("\r\n")));
      out.print(REST_OF_SCREEN);
      out.flush();
      size = Size.measured(); // somebody may have changed the size of the terminal
    }

    @Override
    public int key() {
      try {
        return System.in.read();
      } catch (IOException e) {
        return -1;
      }
    }

    @Override
    public boolean isOpen() {
      return !out.checkError();
    }

    private void restore() {
      out.print(END);
      out.flush();
      String unused = stty(before);
    }

    @Override
    public void close() {
      boolean unused = Runtime.getRuntime().removeShutdownHook(atExit);
      restore();
    }
  }

  private static final int USUAL_COLUMNS = 80;
  private static final int USUAL_ROWS = 24;

  @Override
  public Optional<String> ask(String question) {
    return console().map(console -> console.readLine("%s", question)).map(String::strip);
  }

  @Override
  public Optional<char[]> askSecret(String question) {
    return console().map(console -> console.readPassword("%s", question));
  }

  /**
   * Returns the JDK's own console, without additional libraries. This console exists only if both
   * standard input and standard output are a terminal.
   */
  private static Optional<Console> console() {
    System.setProperty("jdk.console", "java.base");
    return Optional.ofNullable(System.console());
  }

  /**
   * Whether a standard stream is a terminal; false if this is unknown. Runs the system's {@code
   * test} command, because Java does not tell for a single stream whether it is a terminal.
   *
   * @param descriptor the number of the stream: 0 for input, 1 for output, 2 for errors
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
