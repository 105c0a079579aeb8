package io.claviger.embeddedpostgres;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Runs the programs of the embedded PostgreSQL. The programs run without Claviger's environment,
 * which contains the encryption key. With Claviger's environment, a server that outlives Claviger
 * would keep a copy of the key.
 */
final class NativeProgram {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("PATH", "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL", "C", "TZ", "UTC");

  private final Path programs;

  NativeProgram(Path programs) {
    this.programs = programs;
  }

  record Result(int exitCode, String output) {
    private static final Pattern ERROR = Pattern.compile("(\\w+: error|FATAL|PANIC): .*");

    boolean done() {
      return exitCode == 0;
    }

    /**
     * Returns what went wrong, for a message of one line: the first error in the output or, if
     * there is none, the last nonblank line. After an error, PostgreSQL's programs also print what
     * they do because of it.
     */
    String reason() {
      List<String> lines = output.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
      String last = lines.isEmpty() ? "exit code " + exitCode : lines.getLast();
      return ERROR.matcher(output).results().map(MatchResult::group).findFirst().orElse(last);
    }
  }

  Result run(String program, String input, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      // PostgreSQL refuses to run as root. In a user namespace of its own, it runs as another user,
      // who has rights only to root's own files.
      command.addAll(List.of("unshare", "--user"));
    }
    command.add(programs.resolve("bin").resolve(program).toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(ENVIRONMENT);
    Process process = builder.start();
    try {
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), output);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + program + " was running", e);
    }
  }
}
