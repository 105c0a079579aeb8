package io.claviger.embeddedpostgres;

import io.claviger.operator.DataDirectory;
import io.claviger.operator.StartRefused;
import java.nio.file.Files;
import java.nio.file.Path;

/** What lies where under {@code <data>/postgres}. */
record ServerFiles(DataDirectory root) {
  static final String PASSWORD = "password";
  private static final String DIRECTORY = "postgres";

  static ServerFiles in(DataDirectory data) {
    // pg_ctl hands the path to a shell, in double quotes.
    if (data.path().toString().matches("(?s).*[\"$`\\\\\\n\\r].*")) {
      throw new StartRefused(
          "the embedded PostgreSQL can't live in %s: the path holds a quote, $, ` or \\"
              .formatted(data.path()));
    }
    return new ServerFiles(DataDirectory.open(data.path().resolve(DIRECTORY)));
  }

  static boolean existIn(Path dataDirectory) {
    return Files.exists(dataDirectory.resolve(DIRECTORY).resolve("cluster"));
  }

  Path cluster() {
    return path("cluster");
  }

  /** Where a cluster is made, before it is moved to its place as a whole. */
  Path unfinishedCluster() {
    return path("cluster-unfinished");
  }

  Path programs(String version) {
    return path("program-" + version);
  }

  Path startLog() {
    return path("start.log");
  }

  /** Held while somebody starts, joins, leaves or stops the server. */
  Path doorLock() {
    return path("door.lock");
  }

  /** Held by the one process that serves. */
  Path serveLock() {
    return path("serve.lock");
  }

  /** One held file for each process that uses the server. */
  Path users() {
    return root.directory("users");
  }

  Path path(String name) {
    return root.path().resolve(name);
  }
}
