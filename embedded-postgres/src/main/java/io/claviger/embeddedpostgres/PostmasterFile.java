package io.claviger.embeddedpostgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The content of {@code postmaster.pid}, which a running server writes
 * (src/include/utils/pidfile.h). Line 1 contains the server's process id, line 4 the port, and line
 * 8 the state. After a crash, the file remains, and its process id might now belong to another
 * process.
 */
record PostmasterFile(Path file, long pid, int port, String state) {
  private static final int PORT_LINE = 3;
  private static final int STATE_LINE = 7;

  static Optional<PostmasterFile> in(Path cluster) throws IOException {
    Path file = cluster.resolve("postmaster.pid");
    try {
      List<String> lines = Files.readAllLines(file);
      return Optional.of(
          new PostmasterFile(
              file,
              Long.parseLong(lines.getFirst().strip()),
              lines.size() > PORT_LINE ? Integer.parseInt(lines.get(PORT_LINE).strip()) : 0,
              lines.size() > STATE_LINE ? lines.get(STATE_LINE).strip() : ""));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (NumberFormatException | java.util.NoSuchElementException e) {
      // The file is incomplete. PostgreSQL itself reports this problem when it starts.
      return Optional.empty();
    }
  }

  boolean ready() {
    return state.equals("ready");
  }

  /**
   * Whether the server has not yet started completely, for example because it recovers from a
   * crash.
   */
  boolean starting() {
    return !ready() && !state.equals("stopping");
  }

  boolean processLives() {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  /** Whether the process with this id is a PostgreSQL server of this cluster. */
  boolean isItsServer() {
    Path cluster = file.toAbsolutePath().getParent();
    Optional<ProcessHandle.Info> process = ProcessHandle.of(pid).map(ProcessHandle::info);
    boolean postgres =
        process
            .flatMap(ProcessHandle.Info::command)
            .map(command -> Path.of(command).getFileName().toString().startsWith("postgres"))
            .orElse(false);
    if (!postgres || cluster == null) {
      return false;
    }
    // A server's working directory is its cluster. Where /proc shows the working directory, the
    // check works even for a directory that was moved. Elsewhere the command line is compared.
    Path standsIn = Path.of("/proc", Long.toString(pid), "cwd");
    try {
      return Files.isSameFile(standsIn, cluster);
    } catch (IOException e) {
      return process
          .flatMap(ProcessHandle.Info::arguments)
          .map(arguments -> Arrays.asList(arguments).contains(cluster.toString()))
          .orElse(false);
    }
  }
}
