package io.claviger.embeddedpostgres;

import io.claviger.operator.Build;
import io.claviger.operator.Confidential;
import io.claviger.operator.DatabaseAddress;
import io.claviger.operator.RandomKey;
import io.claviger.operator.StartRefused;
import java.io.IOException;
import java.util.Optional;

/** Sees to it that the server runs and lets its role in. Behind the door. */
final class EmbeddedServer {
  private final ServerFiles files;

  EmbeddedServer(ServerFiles files) {
    this.files = files;
  }

  /** The server that others use now: touched by no means, only found. */
  DatabaseAddress ofOthers() throws IOException {
    return PostgresServer.running(files)
        .filter(PostmasterFile::ready)
        .map(server -> address(server, password()))
        .orElseThrow(
            () ->
                new StartRefused(
                    "another claviger uses %s, but its database server can't be seen from here"
                        .formatted(files.root().path())));
  }

  /** For the first user: an orphan's, if it works; a fresh one otherwise. */
  DatabaseAddress takenOverOrStarted() throws IOException {
    Confidential password = password();
    Optional<PostmasterFile> orphan = PostgresServer.running(files);
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
    PostgresServer server = new PostgresServer(files, programs);
    DatabaseAddress address = address(server.start(), password);
    if (!LoginAttempt.works(address)) {
      server.stop();
      cluster.setPassword(password);
      address = address(server.start(), password);
    }
    return address;
  }

  void stop() throws IOException {
    new PostgresServer(files, programs()).stop();
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

  /** The driver is held to SCRAM: it must not give the password to whoever took over the port. */
  private static DatabaseAddress address(PostmasterFile server, Confidential password) {
    return new DatabaseAddress(
        "jdbc:postgresql://127.0.0.1:%d/%s?requireAuth=scram-sha-256&sslmode=disable"
            .formatted(server.port(), Cluster.NAME),
        Optional.of(Cluster.NAME),
        Optional.of(password));
  }
}
