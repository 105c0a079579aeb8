package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Counts what one thread does, with Linux's {@code perf}. */
final class PerfCounter {
  /** What the thread is made to do. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  private PerfCounter() {}

  /**
   * Counts an event, such as {@code instructions:u}, while the work runs. Skips the test, with the
   * reason, where the machine can't count it.
   *
   * @param thread a platform thread whose name no other one has
   */
  static long count(String event, Thread thread, Work work) throws IOException {
    // The command that perf runs bounds the time in which it counts.
    List<String> perf = List.of("perf", "stat", "-x", ",", "-e", event, "-t", kernelId(thread));
    List<String> counted = List.of("--", "sh", "-c", "echo; read end");
    Process process;
    try {
      process = new ProcessBuilder(Stream.concat(perf.stream(), counted.stream()).toList()).start();
    } catch (IOException missing) {
      return Assumptions.abort("no instructions are counted: " + missing.getMessage());
    }
    int begun = process.getInputStream().read();
    if (begun >= 0) {
      work.run();
    }
    process.getOutputStream().close();
    String report = new String(process.getErrorStream().readAllBytes(), US_ASCII).strip();
    String number = report.substring(report.lastIndexOf('\n') + 1).split(",")[0];
    Assumptions.assumeTrue(
        number.matches("[0-9.]+"), () -> "no instructions are counted: perf says " + report);
    return (long) Double.parseDouble(number);
  }

  private static String kernelId(Thread thread) throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      return tasks
          .filter(task -> thread.getName().equals(nameOf(task)))
          .map(task -> task.getFileName().toString())
          .findFirst()
          .orElseThrow();
    }
  }

  private static String nameOf(Path task) {
    try {
      return Files.readString(task.resolve("comm")).strip();
    } catch (IOException ended) {
      return "";
    }
  }
}
