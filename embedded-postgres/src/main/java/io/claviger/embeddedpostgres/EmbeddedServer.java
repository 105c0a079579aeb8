package io.claviger.embeddedpostgres;

import io.claviger.host.Build;
import io.claviger.host.Confidential;
import io.claviger.host.DatabaseAddress;
import io.claviger.host.RandomKey;
import io.claviger.host.StartRefused;
import java.io.IOException;
import java.util.Optional;

/**
 * Ensures that the server is running and that its role can log in. Use this class only while
 * holding the startup lock.
 */
final class EmbeddedServer {
  private final ServerFiles files;

  EmbeddedServer(ServerFiles files) {
    this.files = files;
  }

  /** Finds the server that other processes are using. Never changes this server. */
  DatabaseAddress ofOthers() throws IOException {
    return PostgresProcess.running(files)
        .filter(PostmasterFile::ready)
        .map(server -> address(server, password()))
        .orElseThrow(
            () ->
                new StartRefused(
                    "another claviger uses %s, but this process can't find its database server"
                        .formatted(files.root().path())));
  }

  /**
   * Returns a server for the first process: a working server that a killed process left behind, or
   * else a new server. A server that is recovering from a crash is not stopped, because the next
   * server would begin the recovery again.
   */
  DatabaseAddress takenOverOrStarted() throws IOException {
    Confidential password = password();
    Optional<PostmasterFile> orphan = PostgresProcess.started(files);
    if (orphan.isPresent()) {
      DatabaseAddress address = address(orphan.get(), password);
      if (orphan.get().ready() && LoginAttempt.works(address)) {
        return address;
      }
      stop();
    }
    NativeProgram programs = programs();
    Cluster cluster = new Cluster(files, programs);
    cluster.prepare(password, Build.current().postgresVersion().replaceFirst("\\..*", ""));
    PostgresProcess server = new PostgresProcess(files, programs);
    DatabaseAddress address = address(server.start(), password);
    if (!LoginAttempt.works(address)) {
      server.stop();
      cluster.setPassword(password);
      address = address(server.start(), password);
    }
    return address;
  }

  void stop() throws IOException {
    new PostgresProcess(files, programs()).stop();
  }

  private NativeProgram programs() throws IOException {
    return new NativeProgram(new ServerPrograms(files).unpacked());
  }

  private Confidential password() {
    Optional<Confidential> kept = files.root().read(ServerFiles.PASSWORD);
    if (kept.isPresent()) {
      return kept.get();
    }
    Confidential made = new RandomKey().next();
    files.root().create(ServerFiles.PASSWORD, made);
    return made;
  }

  /**
   * The server's address. The driver must use SCRAM, so that another program on the port can't get
   * the password.
   */
  private static DatabaseAddress address(PostmasterFile server, Confidential password) {
    return new DatabaseAddress(
        "jdbc:postgresql://127.0.0.1:%s/%s?requireAuth=scram-sha-256&sslmode=disable"
            .formatted(server.port(), Cluster.NAME),
        Optional.of(Cluster.NAME),
        Optional.of(password));
  }
}
