package io.claviger.embeddedpostgres;

import io.claviger.embeddedpostgres.NativeProgram.Result;
import io.claviger.operator.StartRefused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/** Starts and stops the server process of a cluster. Behind the door lock. */
final class PostgresServer {
  private static final int ATTEMPTS = 5;
  private static final String PATIENCE_SECONDS = "60"; // a recovery after a crash takes its time

  private final ServerFiles files;
  private final NativeProgram programs;

  PostgresServer(ServerFiles files, NativeProgram programs) {
    this.files = files;
    this.programs = programs;
  }

  /** The server of this cluster, if one runs, whoever started it. */
  static Optional<PostmasterFile> running(ServerFiles files) throws IOException {
    return PostmasterFile.in(files.cluster()).filter(PostmasterFile::isItsServer);
  }

  PostmasterFile start() throws IOException {
    forgetCrashedServer();
    Result result = new Result(1, "");
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Files.deleteIfExists(files.startLog());
      // pg_ctl gives the server a session of its own: Ctrl-C is for Claviger, which then stops it.
      result =
          programs.run(
              "pg_ctl",
              "",
              List.of(
                  "start",
                  "--wait",
                  "--timeout=" + PATIENCE_SECONDS,
                  "--pgdata=" + files.cluster(),
                  "--log=" + files.startLog(),
                  "--options=-p " + freePort()));
      Optional<PostmasterFile> server = running(files);
      if (result.done() && server.isPresent()) {
        return server.get();
      }
      if (!log().contains("could not bind")) {
        break;
      }
    }
    throw new StartRefused(
        "the embedded PostgreSQL does not start: "
            + new Result(result.exitCode(), result.output() + log()).reason());
  }

  /** Ends connections, writes everything out, and returns when the process is gone. */
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
   * PostgreSQL itself clears the file of a process that is gone. Where the id was given to another
   * process since (a container restarted, say), it would refuse to start.
   */
  private void forgetCrashedServer() throws IOException {
    Optional<PostmasterFile> left = PostmasterFile.in(files.cluster());
    if (left.isPresent() && left.get().processLives() && !left.get().isItsServer()) {
      Files.deleteIfExists(left.get().file());
    }
  }

  private String log() throws IOException {
    return Files.exists(files.startLog()) ? Files.readString(files.startLog()) : "";
  }

  /** Free now; somebody may take it before the server does, hence the attempts. */
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
