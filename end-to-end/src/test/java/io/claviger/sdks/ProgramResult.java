package io.claviger.sdks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The exit code and the output of a program. */
record ProgramResult(int exitCode, String output, String errors) {
  private static final int NOT_STARTED = 127;

  boolean well() {
    return exitCode == 0;
  }

  /** The exit code and the beginning of the output, in one line. */
  String how() {
    String said = (errors + " " + output).replaceAll("\\s+", " ").strip();
    return "exit code %d: %s".formatted(exitCode, said.substring(0, Math.min(said.length(), 500)));
  }

  /** Runs a program until it ends or the time is over. */
  static ProgramResult of(ProcessBuilder program, String input, Duration patience)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("output-", ".txt");
    Path errors = Files.createTempFile("errors-", ".txt");
    try {
      int exitCode =
          exitCode(
              program.redirectOutput(output.toFile()).redirectError(errors.toFile()),
              input,
              patience);
      return new ProgramResult(exitCode, Files.readString(output), Files.readString(errors));
    } finally {
      Files.delete(output);
      Files.delete(errors);
    }
  }

  private static int exitCode(ProcessBuilder program, String input, Duration patience)
      throws IOException, InterruptedException {
    Process process;
    try {
      process = program.start();
    } catch (IOException e) {
      return NOT_STARTED; // as shells say it
    }
    try {
      process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().close();
      boolean inTime = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
      return inTime ? process.exitValue() : process.destroyForcibly().waitFor();
    } finally {
      process.destroyForcibly();
    }
  }
}
