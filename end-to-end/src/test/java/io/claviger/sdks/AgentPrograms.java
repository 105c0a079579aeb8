package io.claviger.sdks;

import io.claviger.sdks.NpmPackages.Missing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Installs the coding agents that the lock file names, and runs them. */
final class AgentPrograms {
  private static final Path SOURCE = Path.of("src", "test", "agents");
  private static final Path HOME = Path.of("target", "npm", "agents").toAbsolutePath();
  private static final Path PACKAGES = HOME.resolve("node_modules");

  /** How long an agent may take for a run. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private AgentPrograms() {}

  /**
   * The result of one run.
   *
   * @param file the file in the working directory, which held "before" at the start
   */
  record Run(ProgramResult ended, String file, Duration took) {}

  /** Installs the agents into the build directory, unless that was done already. */
  static AgentPrograms installed() throws IOException, InterruptedException {
    NpmPackages.install(SOURCE, HOME);
    return new AgentPrograms();
  }

  /**
   * Has an agent edit a file, with a home directory of its own and nothing of this process's
   * environment.
   *
   * @param directory an empty one, for all that the agent writes
   */
  Run edit(Agent agent, ClientSettings settings, Path directory)
      throws IOException, InterruptedException {
    return edit(List.of(), agent, settings, directory);
  }

  /**
   * Lets the agent edit a file like the other method, but another program starts the agent.
   *
   * @param starter that program and its arguments
   */
  Run edit(List<String> starter, Agent agent, ClientSettings settings, Path directory)
      throws IOException, InterruptedException {
    if (!Files.exists(agent.file(PACKAGES))) {
      throw new Missing("npm has no " + agent.handle() + " for this machine");
    }
    Path home = Files.createDirectory(directory.resolve("home"));
    Path work = Files.createDirectory(directory.resolve("work"));
    Path file = Files.writeString(work.resolve("note.txt"), "before");
    settings.writeFiles(home);
    List<String> command = new ArrayList<>(starter);
    command.addAll(agent.command(PACKAGES));
    ProcessBuilder program = new ProcessBuilder(command).directory(work.toFile());
    Map<String, String> environment = program.environment();
    String path = System.getenv("PATH");
    environment.clear();
    environment.put("PATH", path);
    environment.put("HOME", home.toString());
    environment.put("TMPDIR", Files.createDirectory(directory.resolve("tmp")).toString());
    environment.putAll(agent.quiet());
    environment.putAll(settings.environment());
    long began = System.nanoTime();
    ProgramResult ended = ProgramResult.of(program, agent.edit(file), PATIENCE);
    return new Run(ended, Files.readString(file), Duration.ofNanos(System.nanoTime() - began));
  }
}
