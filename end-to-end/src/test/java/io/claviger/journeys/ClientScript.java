package io.claviger.journeys;

import io.claviger.client.ClientProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The commands for people as a program in a file, with the class path of this process. */
public final class ClientScript {
  private ClientScript() {}

  /** Writes the program into a directory, unless it is there. */
  public static Path in(Path directory) {
    Path script = directory.resolve("claviger");
    try {
      if (!Files.exists(script)) {
        Files.writeString(
            script,
            """
            #!/bin/sh
            exec '%s/bin/java' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '%s' %s "$@"
            """
                .formatted(
                    System.getProperty("java.home"),
                    System.getProperty("java.class.path"),
                    ClientProgram.class.getName()));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return script;
  }
}
