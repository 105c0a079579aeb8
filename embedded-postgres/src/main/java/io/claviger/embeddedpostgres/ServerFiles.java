package io.claviger.embeddedpostgres;

import io.claviger.host.DataDirectory;
import io.claviger.host.StartRefused;
import java.nio.file.Files;
import java.nio.file.Path;

/** The paths of the files in {@code <data>/postgres}. */
record ServerFiles(DataDirectory root) {
  static final String PASSWORD = "password";
  private static final String DIRECTORY = "postgres";

  static ServerFiles in(DataDirectory data) {
    // pg_ctl passes the path to a shell in double quotes.
    if (data.path().toString().matches("(?s).*[\"$`\\\\\\n\\r].*")) {
      throw new StartRefused(
          "the embedded PostgreSQL can't use %s: the path contains a quote, $, ` or \\"
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

  /** Returns the directory in which a cluster is created before it is moved to its final place. */
  Path unfinishedCluster() {
    return path("cluster-unfinished");
  }

  Path programs(String version) {
    return path("program-" + version);
  }

  Path startLog() {
    return path("start.log");
  }

  /** Returns the directory of the log collector's files. */
  Path collectedLog() {
    return cluster().resolve("log");
  }

  /** Returns the lock file for starting, joining, leaving or stopping the server. */
  Path doorLock() {
    return path("door.lock");
  }

  /** Returns the lock file of the serving process. */
  Path serveLock() {
    return path("serve.lock");
  }

  /** Returns the directory with one locked file for each process that uses the server. */
  Path users() {
    return root.directory("users");
  }

  Path path(String name) {
    return root.path().resolve(name);
  }
}
