package io.claviger.journeys;

import io.claviger.embeddedpostgres.EmbeddedDatabase;
import io.claviger.operator.Build;
import io.claviger.operator.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The programs of the embedded PostgreSQL, unpacked once for several data directories. Unpacking
 * takes longer than the rest of a first start. {@code BackupJourneyTest}, {@code
 * FilePermissionsJourneyTest} and the demo unpack their own.
 */
public final class ServerPrograms {
  private static final Path SHARED = Path.of("target", "server-programs").toAbsolutePath();

  private ServerPrograms() {}

  /** Links them into a data directory in which nothing has been started. */
  public static void lendTo(Path data) throws IOException {
    Files.createSymbolicLink(in(DataDirectory.open(data)), Unpacked.ONCE);
  }

  /** Removes the link, when the data directory is about to be deleted. */
  public static void takeFrom(Path data) throws IOException {
    boolean unused = Files.deleteIfExists(in(DataDirectory.open(data)));
  }

  private static Path in(DataDirectory data) {
    String name = "program-" + Build.current().postgresVersion();
    return data.directory("postgres").resolve(name);
  }

  private static final class Unpacked {
    static final Path ONCE = unpacked();

    private static Path unpacked() {
      DataDirectory data = DataDirectory.open(SHARED);
      EmbeddedDatabase.toServe(data).close();
      return in(data);
    }
  }
}
