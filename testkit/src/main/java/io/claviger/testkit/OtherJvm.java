package io.claviger.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a main class in another process, for tests of locks, signals and crashes. */
public final class OtherJvm implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  public OtherJvm(Class<?> main, String... arguments) throws IOException {
    this(Path.of(System.getProperty("java.io.tmpdir")), main, arguments);
  }

  /**
   * @param temporary the directory for the process's temporary files
   */
  public OtherJvm(Path temporary, Class<?> main, String... arguments) throws IOException {
    this(temporary, System.getenv(), main, arguments);
  }

  /**
   * @param temporary the directory for the process's temporary files
   * @param environment all environment variables of the process
   */
  public OtherJvm(
      Path temporary, Map<String, String> environment, Class<?> main, String... arguments)
      throws IOException {
    process =
        command(
                environment,
                List.of(
                    "-XX:+UnlockDiagnosticVMOptions",
                    "-XX:-BytecodeVerificationRemote",
                    "-Djava.io.tmpdir=" + temporary,
                    "-cp",
                    System.getProperty("java.class.path"),
                    main.getName()),
                arguments)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Prepares a process that will run only for a short time.
   *
   * @param environment all environment variables of the process
   * @param options the options of the JVM, followed by the main class or the JAR file
   */
  public static ProcessBuilder command(
      Map<String, String> environment, List<String> options, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(options);
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder;
  }

  /**
   * Waits for the next line that the process prints, and returns this line. Fails if the process
   * ends without printing a further line.
   */
  public String line() throws IOException {
    String line = output.readLine();
    if (line == null) {
      throw new IOException("the other process ended");
    }
    return line;
  }

  /**
   * Closes the standard input of the process. The process waits for the end of its input before it
   * continues.
   */
  public void goOn() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends SIGTERM. {@link Process#destroy} would also close the process's streams. */
  public void terminate() {
    process.toHandle().destroy();
  }

  /** Returns the processes that this process has started and that still run. */
  public List<ProcessHandle> children() {
    return process.children().toList();
  }

  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  public int exitCode() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the other process does not end");
    }
    return process.exitValue();
  }

  /** Kills the process, and returns after its end. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
