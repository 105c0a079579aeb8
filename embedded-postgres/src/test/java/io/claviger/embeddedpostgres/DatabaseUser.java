package io.claviger.embeddedpostgres;

import io.claviger.host.DataDirectory;
import java.io.IOException;
import java.nio.file.Path;

/** A program that serves or joins, says so, and leaves when its standard input ends. */
final class DatabaseUser {
  private DatabaseUser() {}

  public static void main(String[] arguments) throws IOException {
    DataDirectory data = DataDirectory.open(Path.of(arguments[1]));
    try (EmbeddedDatabase database =
        arguments[0].equals("serve")
            ? EmbeddedDatabase.toServe(data)
            : EmbeddedDatabase.toJoin(data)) {
      System.out.println(database.address().place());
      int end = System.in.read();
      System.out.println("leaving " + end);
    }
  }
}
