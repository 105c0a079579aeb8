package io.claviger.embeddedpostgres;

import io.claviger.host.StartRefused;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The packed PostgreSQL for this kind of machine, from the class path. The search of the library
 * that packs it is not used. That search writes a script into the directory for temporary files and
 * runs it. With a lax umask, other users can change the script in between.
 */
final class ServerArchive {
  private ServerArchive() {}

  /**
   * @throws StartRefused if there is none for this kind of machine
   */
  static InputStream open() {
    return names(
            System.getProperty("os.name"),
            System.getProperty("os.arch"),
            Files.exists(Path.of("/etc/alpine-release")))
        .stream()
        .map(name -> ServerArchive.class.getResourceAsStream("/" + name))
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow(
            () ->
                new StartRefused(
                    "there is no embedded PostgreSQL for this kind of machine: set DATABASE_URL"));
  }

  /** The possible names of the archive, the best first. */
  static List<String> names(String os, String arch, boolean alpine) {
    String system = os.startsWith("Mac") ? "darwin" : "linux";
    String processor =
        switch (arch.toLowerCase(Locale.ROOT)) {
          case "amd64", "x86_64", "x64" -> "x86_64";
          case "aarch64", "arm64" -> "arm_64";
          default -> arch;
        };
    String plain = "postgres-" + system + "-" + processor;
    return alpine ? List.of(plain + "-alpine_linux.txz", plain + ".txz") : List.of(plain + ".txz");
  }
}
