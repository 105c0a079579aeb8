package io.claviger.sdks;

import io.claviger.testkit.InstallationCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** Packages of PyPI in a virtual environment, as a list of requirements names them. */
final class PythonPackages {
  private static final Path SOURCE = Path.of("src", "test", "python");
  private static final Duration INSTALLING = Duration.ofMinutes(2);
  private static final Duration RUNNING = Duration.ofSeconds(60);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private PythonPackages() {}

  /**
   * Installs what a file names, unless that has been done, and returns the environment's Python.
   *
   * @param requirements packages, each with its version
   * @throws NpmPackages.Missing if this machine has no Python, no pip or no access to the packages
   */
  static Path install(Path requirements) throws IOException, InterruptedException {
    Path home =
        InstallationCache.directory(
            "python",
            List.of(run("python3", "--version"), Files.readString(requirements)),
            directory -> {
              Path python = python(directory);
              run("python3", "-m", "venv", directory.toString());
              run(
                  python.toString(),
                  "-m",
                  "pip",
                  "install",
                  "--quiet",
                  "--no-deps",
                  "--only-binary=:all:",
                  "--retries=0",
                  "--disable-pip-version-check",
                  "--requirement",
                  requirements.toString());
            });
    return python(home);
  }

  /**
   * Makes calls, one after the other, by a program in a process that knows nothing of this one.
   *
   * @param scriptAndArguments the program's file, and what it is told on its command line
   */
  static List<CaseResult> run(List<String> scriptAndArguments, List<?> calls)
      throws IOException, InterruptedException {
    String script = scriptAndArguments.getFirst();
    List<String> command = new ArrayList<>();
    command.add(install(SOURCE.resolve("requirements.txt")).toString());
    command.add(SOURCE.resolve(script).toAbsolutePath().toString());
    command.addAll(scriptAndArguments.subList(1, scriptAndArguments.size()));
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().clear();
    ProgramResult ended = ProgramResult.of(process, JSON.writeValueAsString(calls), RUNNING);
    if (!ended.well()) {
      throw new IllegalStateException(script + " failed, " + ended);
    }
    return ended.output().lines().map(JSON::readTree).map(CaseResult::new).toList();
  }

  private static Path python(Path home) {
    return home.resolve(Path.of("bin", "python"));
  }

  private static String run(String... command) throws IOException, InterruptedException {
    ProcessBuilder program = new ProcessBuilder(List.of(command));
    ProgramResult ended = ProgramResult.of(program, "", INSTALLING);
    if (!ended.well()) {
      throw new NpmPackages.Missing(String.join(" ", command) + " failed, " + ended.how());
    }
    return ended.output();
  }
}
