package io.claviger.embeddedpostgres;

import io.claviger.host.Build;
import io.claviger.host.StartRefused;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * Unpacks PostgreSQL from the class path, once per version. The unpacked files are in the data
 * directory, because the user's cache could be cleaned at any time, and a running server loads
 * libraries when it needs them.
 */
final class ServerPrograms {
  private final ServerFiles files;

  ServerPrograms(ServerFiles files) {
    this.files = files;
  }

  /**
   * Unpacks this version of PostgreSQL if it is not unpacked yet, and deletes old versions. Call
   * this method only while holding the startup lock, and only if no server is running.
   */
  Path unpacked() throws IOException {
    Path programs = files.programs(Build.current().postgresVersion());
    if (Files.isDirectory(programs)) {
      Directories.close(programs);
    } else {
      Path unfinished = files.path("program-unfinished");
      try (Stream<Path> entries = Files.list(files.root().path())) {
        for (Path entry : entries.toList()) {
          if (entry.getFileName().toString().startsWith("program-")) {
            Directories.delete(entry);
          }
        }
      }
      unpack(unfinished);
      Files.move(unfinished, programs, StandardCopyOption.ATOMIC_MOVE);
    }
    return programs;
  }

  private static void unpack(Path target) throws IOException {
    try (InputStream packed = ServerArchive.open();
        TarArchiveInputStream tar =
            new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(packed)))) {
      TarArchiveEntry entry = tar.getNextEntry();
      while (entry != null) {
        // Static libraries are needed only to compile against PostgreSQL.
        if (!entry.getName().endsWith(".a")) {
          extract(entry, tar, target);
        }
        entry = tar.getNextEntry();
      }
    }
  }

  private static void extract(TarArchiveEntry entry, InputStream content, Path target)
      throws IOException {
    Path path = target.resolve(entry.getName()).normalize();
    if (!path.startsWith(target)) {
      throw new IOException(
          "the PostgreSQL archive has an entry with a path outside of the archive");
    }
    if (entry.isDirectory()) {
      Directories.create(path);
      return;
    }
    Directories.create(Optional.ofNullable(path.getParent()).orElse(target));
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
    } else {
      boolean program = (entry.getMode() & 0100) != 0;
      // The file has its mode from the start, regardless of the umask.
      Files.createFile(
          path,
          PosixFilePermissions.asFileAttribute(
              PosixFilePermissions.fromString(program ? "rwx------" : "rw-------")));
      try (OutputStream file = Files.newOutputStream(path, StandardOpenOption.WRITE)) {
        content.transferTo(file);
      }
    }
  }

  /**
   * The PostgreSQL archive for this kind of machine, from the class path. The library with the
   * archive has a method that finds the archive. Claviger does not use this method, because the
   * method writes a script to the directory for temporary files and runs the script. Depending on
   * the umask, other users could change the script before it runs.
   */
  static final class ServerArchive {
    private ServerArchive() {}

    /**
     * @throws StartRefused if the class path contains no PostgreSQL for this kind of machine
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

    /** Returns the possible names of the archive, best first. */
    static List<String> names(String os, String arch, boolean alpine) {
      String system = os.startsWith("Mac") ? "darwin" : "linux";
      String processor =
          switch (arch.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64", "x64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> arch;
          };
      String plain = "postgres-" + system + "-" + processor;
      return alpine
          ? List.of(plain + "-alpine_linux.txz", plain + ".txz")
          : List.of(plain + ".txz");
    }
  }
}
