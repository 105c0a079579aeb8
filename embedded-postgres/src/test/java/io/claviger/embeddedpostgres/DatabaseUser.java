package io.claviger.embeddedpostgres;

import io.claviger.host.DataDirectory;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A program that opens the database to serve or to join, reports that it has done so, and closes
 * the database when its standard input ends. The program may use a temporary data directory.
 */
final class DatabaseUser {
  private DatabaseUser() {}

  public static void main(String[] arguments) throws IOException {
    DataDirectory data = DataDirectory.open(Path.of(arguments[1]));
    if (arguments[0].equals("throwaway")) {
      ThrowawayGuard guard = ThrowawayGuard.of(data);
      serve(data, true);
      guard.close();
    } else {
      serve(data, arguments[0].equals("serve"));
    }
  }

  private static void serve(DataDirectory data, boolean serves) throws IOException {
    try (EmbeddedDatabase database =
        serves ? EmbeddedDatabase.toServe(data) : EmbeddedDatabase.toJoin(data)) {
      System.out.println(database.address().place());
      int end = System.in.read();
      System.out.println("leaving " + end);
    }
  }
}
