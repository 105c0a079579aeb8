package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.Main;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The program as a process of its own. It is started from its jar, as users do; a build that only
 * compiles has no jar, and then it is started from the class path. Of this process's environment it
 * gets only the search path.
 */
final class Program implements AutoCloseable {
  private static final Pattern READY =
      Pattern.compile("claviger is ready on (http://\\S+:\\d+), gateway on (http://\\S+:\\d+)");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final Path errors;
  private final BlockingQueue<Optional<String>> output = new LinkedBlockingQueue<>();
  private final List<String> printed = new ArrayList<>();

  private Program(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
    Thread reader = new Thread(this::read, "standard output");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * @param directory for temporary files and standard error
   */
  static Program start(Path directory, Map<String, String> environment, String... arguments) {
    return start(directory, environment, command(directory, arguments));
  }

  /** Starts the program with the umask 0, which removes no permission from new files. */
  static Program startUnderUmaskZero(
      Path directory, Map<String, String> environment, String... arguments) {
    List<String> open = new ArrayList<>(List.of("sh", "-c", "umask 0; exec \"$@\"", "-"));
    open.addAll(command(directory, arguments));
    return start(directory, environment, open);
  }

  /**
   * Starts the program with another program that reads its output. The exit code is not 0 if one of
   * the two fails.
   */
  static Program startInto(
      List<String> reader, Path directory, Map<String, String> environment, String... arguments) {
    List<String> piped =
        new ArrayList<>(
            List.of("bash", "-o", "pipefail", "-c", "\"$@\" | " + String.join(" ", reader), "-"));
    piped.addAll(command(directory, arguments));
    return start(directory, environment, piped);
  }

  private static List<String> command(Path directory, String... arguments) {
    List<String> command = java(directory);
    String program = packaged();
    command.addAll(
        program.endsWith(".jar")
            ? List.of("-Xlog:disable", ClassArchive.NODE.option(), "-jar", program)
            : List.of(
                // What the jar's manifest says of Netty's native transport, and of PKCS#11.
                "--enable-native-access=ALL-UNNAMED",
                "--add-exports=jdk.crypto.cryptoki/sun.security.pkcs11.wrapper=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static List<String> java(Path temporary) {
    return new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dclaviger.program=" + ClientScript.in(temporary),
            "-Djava.io.tmpdir=" + temporary));
  }

  /** The jar of the program, or a directory of its classes. */
  private static String packaged() {
    return ClassArchive.packaged(Main.class).toString();
  }

  /** Starts a {@link CommandServer}, with the program's classes. */
  static Process commandServer() {
    List<String> command = java(Path.of(System.getProperty("java.io.tmpdir")));
    String program = packaged();
    String tests =
        CommandServer.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    command.addAll(
        program.endsWith(".jar")
            ? List.of(
                "-Xlog:disable",
                ClassArchive.NODE.option(),
                "-cp",
                program + File.pathSeparator + tests)
            : List.of("-cp", System.getProperty("java.class.path")));
    command.add(CommandServer.class.getName());
    try {
      return process(command, Map.of()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Program start(
      Path directory, Map<String, String> environment, List<String> command) {
    try {
      Path errors = Files.createTempFile(directory, "standard-error-", ".txt");
      Process process = process(command, environment).redirectError(errors.toFile()).start();
      return new Program(process, errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ProcessBuilder process(List<String> command, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(command);
    String path = System.getenv("PATH");
    builder.environment().clear();
    builder.environment().put("PATH", path);
    builder.environment().putAll(environment);
    return builder;
  }

  private void read() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        output.add(Optional.of(line));
      }
    } catch (IOException e) {
      // The process was killed: what it said so far is all there is.
    }
    output.add(Optional.empty());
  }

  /** The addresses of the API and the gateway. */
  record Ready(URI api, URI gateway) {
    Api caller(String token) {
      return new Api(api, gateway, token, answer -> {});
    }
  }

  /** Waits for the line that says it is ready. */
  Ready ready() throws InterruptedException {
    for (Optional<String> line = next(); line.isPresent(); line = next()) {
      Matcher ready = READY.matcher(line.get());
      if (ready.matches()) {
        return new Ready(URI.create(ready.group(1)), URI.create(ready.group(2)));
      }
      printed.add(line.get());
    }
    throw new AssertionError("it ended and was never ready: " + errors());
  }

  private Optional<String> next() throws InterruptedException {
    Optional<String> line = output.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(line).as("a line within %s; standard error: %s", PATIENCE, errors()).isNotNull();
    return line;
  }

  /** What it printed before it was ready, or until it ended. */
  List<String> printed() {
    return List.copyOf(printed);
  }

  /** Waits for its end. */
  Program ended(int exitCode) throws InterruptedException {
    return ended(exitCode, PATIENCE);
  }

  Program ended(int exitCode, Duration within) throws InterruptedException {
    assertThat(process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS))
        .as("ended within %s; standard error: %s", within, errors())
        .isTrue();
    assertThat(process.exitValue())
        .as("exit code; standard error: %s", errors())
        .isEqualTo(exitCode);
    for (Optional<String> line = next(); line.isPresent(); line = next()) {
      printed.add(line.get());
    }
    return this;
  }

  /** Standard error so far. */
  String errors() {
    try {
      return Files.readString(errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A dump of its heap after a full garbage collection. */
  Path heapDump(Path directory) throws InterruptedException {
    Path dump = directory.resolve("heap-" + UUID.randomUUID() + ".hprof");
    try {
      Process jcmd =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  Long.toString(process.pid()),
                  "GC.heap_dump",
                  dump.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(jcmd.waitFor()).as(said).isZero();
      assertThat(dump).as(said).isNotEmptyFile();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return dump;
  }

  /** Sends SIGTERM. {@link Process#destroy} would close the streams, too. */
  void terminate() {
    assertThat(process.toHandle().destroy()).isTrue();
  }

  /** Sends SIGSTOP, which suspends the process. */
  void pause() throws InterruptedException {
    signal("-STOP");
  }

  /** Sends SIGCONT. */
  void goOn() throws InterruptedException {
    signal("-CONT");
  }

  private void signal(String which) throws InterruptedException {
    try {
      Process kill =
          new ProcessBuilder("kill", which, Long.toString(process.pid())).inheritIO().start();
      assertThat(kill.waitFor()).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
