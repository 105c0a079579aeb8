package io.claviger.journeys;

import io.claviger.embeddedpostgres.EmbeddedDatabase;
import io.claviger.host.DataDirectory;
import io.claviger.testkit.postgres.SharedServerPrograms;
import java.nio.file.Path;

/**
 * Programs of the embedded PostgreSQL for data directories of journeys. {@code BackupJourneyTest},
 * {@code FilePermissionsJourneyTest} and the demo unpack their own, as users' first starts do.
 */
public final class ServerPrograms {
  private ServerPrograms() {}

  /** Links them into a data directory in which nothing has been started. */
  public static void lendTo(Path data) {
    SharedServerPrograms.lendTo(
        data, first -> EmbeddedDatabase.toServe(DataDirectory.open(first)).close());
  }

  /** Removes the link from a data directory that is about to be deleted. */
  public static void takeFrom(Path data) {
    SharedServerPrograms.takeFrom(data);
  }
}
