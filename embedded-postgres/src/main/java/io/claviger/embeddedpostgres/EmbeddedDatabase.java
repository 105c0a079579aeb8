package io.claviger.embeddedpostgres;

import io.claviger.host.DataDirectory;
import io.claviger.host.DatabaseAddress;
import io.claviger.host.StartRefused;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * The use of the bundled PostgreSQL by one process. PostgreSQL's files are in the data directory.
 * One process can serve, and any number of commands can use the same server. The first process
 * starts the server. The last process stops the server. If a killed process left a server running,
 * the next process takes the server over, or restarts the server if the server does not answer.
 */
public final class EmbeddedDatabase implements AutoCloseable {
  // The time to wait for a killed process to disappear.
  private static final Duration DYING = Duration.ofSeconds(1);

  private final ServerFiles files;
  private final Optional<FileLease> serving;
  private final FileLease use;
  private final DatabaseAddress address;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile boolean leaves;
  private boolean closed;

  private EmbeddedDatabase(
      ServerFiles files, Optional<FileLease> serving, FileLease use, DatabaseAddress address) {
    this.files = files;
    this.serving = serving;
    this.use = use;
    this.address = address;
  }

  private void watch() throws IOException {
    CompletableFuture<Void> unused =
        PostgresProcess.running(files)
            .flatMap(server -> ProcessHandle.of(server.pid()))
            .map(ProcessHandle::onExit)
            .orElseGet(() -> CompletableFuture.completedFuture(null))
            .thenRun(
                () -> {
                  if (!leaves) {
                    ended.complete(null);
                  }
                });
  }

  /**
   * Opens the database for a serving process.
   *
   * @throws StartRefused if another process serves from this directory, or if the server does not
   *     start
   */
  public static EmbeddedDatabase toServe(DataDirectory data) {
    ServerFiles files = ServerFiles.in(data);
    try {
      FileLease serving =
          FileLease.take(files.serveLock(), DYING)
              .orElseThrow(
                  () ->
                      new StartRefused(
                          "another claviger already serves from the data directory %s"
                              .formatted(data.path())));
      try {
        return open(files, Optional.of(serving));
      } catch (IOException | RuntimeException e) {
        serving.close();
        throw e;
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Opens the database for a command, whether or not another process is serving.
   *
   * @throws StartRefused if the server can't be started
   */
  public static EmbeddedDatabase toJoin(DataDirectory data) {
    try {
      return open(ServerFiles.in(data), Optional.empty());
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Whether the data directory contains a database. A database without an encryption key means that
   * the key was lost. If the key was lost, no new key may be created.
   */
  public static boolean existsIn(DataDirectory data) {
    return existsIn(data.path());
  }

  /**
   * Whether this data directory contains a database. The result is false if the directory does not
   * exist.
   */
  public static boolean existsIn(Path dataDirectory) {
    return ServerFiles.existIn(dataDirectory);
  }

  public DatabaseAddress address() {
    return address;
  }

  /**
   * Completes when the server has ended although this process still uses it, for example because
   * somebody killed the server. Never completes if the server ends because of {@link #close}.
   */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  /**
   * Ends this process's use of the server. Stops the server if no other process uses it. Close all
   * connection pools before you call this method. If this method fails, it can be called again.
   *
   * @throws StartRefused if the server can't be stopped
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    leaves = true;
    try {
      new StartupLock(files.doorLock()).behind(this::leave);
      if (serving.isPresent()) {
        serving.get().close();
      }
      closed = true;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static EmbeddedDatabase open(ServerFiles files, Optional<FileLease> serving)
      throws IOException {
    return new StartupLock(files.doorLock())
        .behind(
            () -> {
              ServerLeases users = new ServerLeases(files.users());
              EmbeddedServer server = new EmbeddedServer(files);
              DatabaseAddress address =
                  users.anybodyThere() ? server.ofOthers() : server.takenOverOrStarted();
              EmbeddedDatabase opened =
                  new EmbeddedDatabase(files, serving, users.enter(), address);
              opened.watch();
              return opened;
            });
  }

  private boolean leave() throws IOException {
    use.delete();
    boolean last = !new ServerLeases(files.users()).anybodyThere();
    if (last) {
      new EmbeddedServer(files).stop();
    }
    return last;
  }

  private static StartRefused failed(IOException e) {
    return new StartRefused("the embedded PostgreSQL failed: " + e.getMessage(), e);
  }

  /** A lock that lets only one process at a time start, join, leave or stop a server. */
  private static final class StartupLock {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Path lock;

    StartupLock(Path lock) {
      this.lock = lock;
    }

    interface Action<T> {
      T run() throws IOException;
    }

    <T> T behind(Action<T> action) throws IOException {
      FileLease lease =
          FileLease.take(lock, PATIENCE)
              .orElseThrow(
                  () ->
                      new StartRefused(
                          "another claviger has been starting or stopping the database of %s for a minute"
                              .formatted(lock.getParent())));
      try {
        return action.run();
      } finally {
        lease.close();
      }
    }
  }

  /**
   * The processes that are using the embedded server. The last process that leaves stops the
   * server. A killed process counts as having left, because the operating system releases its
   * lease. Use this class only while holding the startup lock.
   */
  static final class ServerLeases {
    private final Path directory;

    ServerLeases(Path directory) {
      this.directory = directory;
    }

    FileLease enter() throws IOException {
      return FileLease.tryTake(directory.resolve(UUID.randomUUID() + ".lock"))
          .orElseThrow(() -> new IOException("another process has locked a new lease file"));
    }

    /**
     * Whether at least one process is using the server. Deletes the lease files of killed
     * processes.
     */
    boolean anybodyThere() throws IOException {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.lock")) {
        for (Path file : files) {
          Optional<FileLease> abandoned = FileLease.tryTake(file);
          if (abandoned.isEmpty()) {
            return true;
          }
          abandoned.get().delete();
        }
        return false;
      }
    }
  }
}
