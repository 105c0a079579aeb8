package io.claviger.embeddedpostgres;

import io.claviger.embeddedpostgres.NativeProgram.Result;
import io.claviger.host.StartRefused;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts and stops the server process of a cluster. Use this class only while holding the startup
 * lock.
 */
final class PostgresProcess {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresProcess.class);
  private static final int ATTEMPTS = 5;
  // The time that the processes of a crashed server may take to end by themselves.
  private static final Duration DYING = Duration.ofSeconds(30);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  // The time that the log collector may take to write the last lines of a server that has ended.
  private static final Duration COLLECTING = Duration.ofSeconds(5);
  private static final long BETWEEN_LOOKS_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  // If a signal ended a program, the exit code is the sum of this number and the signal's number.
  private static final int BY_SIGNAL = 128;
  // The time for which pg_ctl waits for the start, and for which a starting server may then be
  // silent.
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  // The pause between two checks of whether a starting server is ready. The server logs each such
  // check that it refuses.
  private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(10);
  private static final Duration BETWEEN_LOG_LINES = Duration.ofSeconds(30);

  private final ServerFiles files;
  private final NativeProgram programs;
  private final IntSupplier ports;

  PostgresProcess(ServerFiles files, NativeProgram programs) {
    this(files, programs, PostgresProcess::freePort);
  }

  /**
   * @param ports the source that supplies another port for each attempt to start, because another
   *     program might take a port first
   */
  PostgresProcess(ServerFiles files, NativeProgram programs, IntSupplier ports) {
    this.files = files;
    this.programs = programs;
    this.ports = ports;
  }

  /**
   * Returns this cluster's running server, even if another process started it; empty if none is
   * running.
   */
  static Optional<PostmasterFile> running(ServerFiles files) throws IOException {
    return PostmasterFile.in(files.cluster()).filter(PostmasterFile::isItsServer);
  }

  /**
   * Returns this cluster's running server, as {@link #running} does. If the server is still
   * starting, first waits until it has started. A recovery after a crash can take hours, and would
   * begin again if the server was stopped. Stops waiting if the server ends, or does not answer for
   * a minute.
   */
  static Optional<PostmasterFile> started(ServerFiles files) throws IOException {
    long begun = System.nanoTime();
    long heard = begun;
    long logged = begun - BETWEEN_LOG_LINES.toNanos();
    Optional<PostmasterFile> server = running(files);
    while (server.isPresent()
        && server.get().starting()
        && !Thread.currentThread().isInterrupted()) {
      long now = System.nanoTime();
      if (now - heard > BETWEEN_QUESTIONS.toNanos()) {
        if (LoginAttempt.isAnswered(server.get().port())) {
          heard = now;
        } else if (now - heard > PATIENCE.toNanos()) {
          break;
        }
      }
      if (now - logged >= BETWEEN_LOG_LINES.toNanos()) {
        LOG.info(
            "waiting for the embedded PostgreSQL, which is starting, and might be recovering from a"
                + " crash ({} s)",
            Duration.ofNanos(now - begun).toSeconds());
        logged = now;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
      server = running(files);
    }
    return server;
  }

  PostmasterFile start() throws IOException {
    boolean crashed = PostmasterFile.in(files.cluster()).isPresent();
    forgetCrashedServer();
    long begun = System.nanoTime();
    Result result = new Result(1, "");
    StartLog log = StartLog.begin(files);
    for (int attempt = 0;
        attempt < ATTEMPTS || (othersStillEnd(log) && System.nanoTime() - begun < DYING.toNanos());
        attempt++) {
      log = StartLog.begin(files);
      // pg_ctl starts the server in a session of its own. Ctrl-C therefore reaches only Claviger,
      // which then stops the server.
      result =
          programs.run(
              "pg_ctl",
              "",
              List.of(
                  "start",
                  "--wait",
                  "--timeout=" + PATIENCE.toSeconds(),
                  "--pgdata=" + files.cluster(),
                  "--log=" + files.startLog(),
                  "--options=-p " + ports.getAsInt()));
      boolean isInterrupted = result.exitCode() > BY_SIGNAL;
      Optional<PostmasterFile> server = isInterrupted ? running(files) : started(files);
      if (server.isPresent() && (result.done() || server.get().ready())) {
        return server.get();
      }
      if (isInterrupted && server.isPresent()) {
        // Ctrl-C ended pg_ctl, which has told the server to stop.
        stop();
        break;
      }
      if (!isInterrupted) {
        log.awaitReason();
      }
      if (crashed || othersStillEnd(log)) {
        // The server can't start while processes of the crashed server live. These processes soon
        // end by themselves. The processes might still run after the crashed server's
        // postmaster.pid has been deleted.
        LockSupport.parkNanos(PAUSE_NANOS);
      } else if (!log.text().contains("could not bind")) {
        break;
      }
    }
    throw new StartRefused(
        "the embedded PostgreSQL does not start: "
            + new Result(result.exitCode(), result.output() + log.reason()).reason());
  }

  /**
   * Makes the server close all connections and write all data to disk. Returns when the server
   * process has ended.
   */
  void stop() throws IOException {
    Result result = stop("fast");
    if (!result.done() && running(files).isPresent()) {
      stop("immediate");
    }
  }

  private Result stop(String mode) throws IOException {
    return programs.run(
        "pg_ctl",
        "",
        List.of("stop", "--wait", "--timeout=15", "--mode=" + mode, "--pgdata=" + files.cluster()));
  }

  /**
   * Deletes a crashed server's {@code postmaster.pid}. Usually, PostgreSQL deletes such a file
   * itself, but if the file's process id now belongs to another process, for example after a
   * container restart, PostgreSQL would refuse to start.
   */
  private void forgetCrashedServer() throws IOException {
    Optional<PostmasterFile> left = PostmasterFile.in(files.cluster());
    if (left.isPresent() && left.get().processLives() && !left.get().isItsServer()) {
      Files.deleteIfExists(left.get().file());
    }
  }

  /**
   * Whether the last start failed because other processes of the crashed server are still running.
   */
  private static boolean othersStillEnd(StartLog log) throws IOException {
    String text = log.text();
    return text.contains("shared memory block") && text.contains("still in use");
  }

  /**
   * Finds a port that is free now. Another program might take the port first, so there are several
   * attempts to start.
   */
  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The log of a starting server. At first, the server writes to the file that {@code pg_ctl} was
   * given. Later, the server writes to the files of its own log collector. Only this log says
   * whether the port is in use.
   */
  private static final class StartLog {
    private final Path first;
    private final Path collected;
    private final Map<Path, Long> sizesBefore;

    private StartLog(Path first, Path collected, Map<Path, Long> sizesBefore) {
      this.first = first;
      this.collected = collected;
      this.sizesBefore = sizesBefore;
    }

    /**
     * Deletes the log of earlier starts and remembers the sizes of the collector's files, so that
     * earlier lines are ignored.
     */
    static StartLog begin(ServerFiles files) throws IOException {
      Files.deleteIfExists(files.startLog());
      Map<Path, Long> sizes = new HashMap<>();
      for (Path file : filesIn(files.collectedLog())) {
        sizes.put(file, Files.size(file));
      }
      return new StartLog(files.startLog(), files.collectedLog(), sizes);
    }

    String text() throws IOException {
      StringBuilder text = new StringBuilder(Files.exists(first) ? Files.readString(first) : "");
      for (Path file : filesIn(collected)) {
        try (InputStream lines = Files.newInputStream(file)) {
          lines.skipNBytes(Math.min(sizesBefore.getOrDefault(file, 0L), Files.size(file)));
          text.append(new String(lines.readAllBytes(), StandardCharsets.UTF_8));
        }
      }
      return text.toString();
    }

    /**
     * Waits for the line that says why the server ended. The log collector is a separate process,
     * and might write the last lines after the server's end.
     */
    void awaitReason() throws IOException {
      long begun = System.nanoTime();
      while (lastReason(text()).isEmpty()
          && System.nanoTime() - begun < COLLECTING.toNanos()
          && !Thread.currentThread().isInterrupted()) {
        LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
      }
    }

    /** Returns the line that says why the server ended, or all lines if there is no such line. */
    String reason() throws IOException {
      String text = text();
      return lastReason(text).orElse(text);
    }

    private static Optional<String> lastReason(String text) {
      return text.lines()
          .filter(line -> line.contains("FATAL:") || line.contains("PANIC:"))
          .reduce((earlier, later) -> later);
    }

    private static List<Path> filesIn(Path directory) throws IOException {
      if (!Files.isDirectory(directory)) {
        return List.of();
      }
      try (Stream<Path> files = Files.list(directory)) {
        return files.sorted().toList();
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
  }
}
