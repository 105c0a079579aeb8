package io.claviger.embeddedpostgres;

import io.claviger.operator.DataDirectory;
import io.claviger.operator.DatabaseAddress;
import io.claviger.operator.StartRefused;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * The use of the PostgreSQL that Claviger brings along, with its files in the data directory. One
 * process serves, any number of commands join; whoever comes first starts the server, whoever
 * leaves last stops it. A server left behind by a killed process is taken over, or stopped and
 * started anew where it does not answer.
 */
public final class EmbeddedDatabase implements AutoCloseable {
  // A process that was killed a moment ago may not be gone yet.
  private static final Duration DYING = Duration.ofSeconds(1);

  private final ServerFiles files;
  private final Optional<FileLease> serving;
  private final FileLease use;
  private final DatabaseAddress address;
  private boolean closed;

  private EmbeddedDatabase(
      ServerFiles files, Optional<FileLease> serving, FileLease use, DatabaseAddress address) {
    this.files = files;
    this.serving = serving;
    this.use = use;
    this.address = address;
  }

  /**
   * For the process that serves.
   *
   * @throws StartRefused if another one serves from this directory, or the server does not come up
   */
  public static EmbeddedDatabase toServe(DataDirectory data) {
    ServerFiles files = ServerFiles.in(data);
    try {
      FileLease serving =
          FileLease.take(files.serveLock(), DYING)
              .orElseThrow(
                  () ->
                      new StartRefused(
                          "another claviger serves from %s already".formatted(data.path())));
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
   * For a command, beside a process that serves or without one.
   *
   * @throws StartRefused if the server does not come up
   */
  public static EmbeddedDatabase toJoin(DataDirectory data) {
    try {
      return open(ServerFiles.in(data), Optional.empty());
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Whether a database was made here before: a missing encryption key is lost then, not new. */
  public static boolean existsIn(DataDirectory data) {
    return ServerFiles.existIn(data.path());
  }

  public DatabaseAddress address() {
    return address;
  }

  /** Leaves, and stops the server if nobody else uses it. Close pools first. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      new StartupLock(files.doorLock()).behind(this::leave);
      if (serving.isPresent()) {
        serving.get().close();
      }
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
              return new EmbeddedDatabase(files, serving, users.enter(), address);
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
}
