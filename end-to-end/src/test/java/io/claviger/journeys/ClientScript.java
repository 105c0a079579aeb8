package io.claviger.journeys;

import io.claviger.bootstrap.Main;
import io.claviger.client.ClientProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The commands for people as a program in a file. */
public final class ClientScript {
  private ClientScript() {}

  /**
   * Writes the program into a directory, unless it is there. It is started from its jar, as users
   * do; a build that only compiles has no jar, and then it has the class path of this process.
   */
  public static Path in(Path directory) {
    Path script = directory.resolve("claviger");
    try {
      if (!Files.exists(script)) {
        Files.writeString(
            script,
            """
            #!/bin/sh
            exec '%s/bin/java' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC %s "$@"
            """
                .formatted(System.getProperty("java.home"), program()));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return script;
  }

  private static String program() throws IOException {
    return packaged()
        .map(jar -> "-Xlog:cds=off %s -jar '%s'".formatted(ClassArchive.CLIENT.option(), jar))
        .orElseGet(
            () ->
                "-cp '%s' %s"
                    .formatted(
                        System.getProperty("java.class.path"), ClientProgram.class.getName()));
  }

  /** The jar beside the one of the server, which has its libraries there too. */
  static Optional<Path> packaged() throws IOException {
    Path server = ClassArchive.packaged(Main.class);
    if (Files.isDirectory(server)) {
      return Optional.empty();
    }
    try (Stream<Path> jars = Files.list(Objects.requireNonNull(server.getParent()))) {
      return jars.filter(jar -> String.valueOf(jar.getFileName()).startsWith("claviger-client-"))
          .findFirst();
    }
  }
}
