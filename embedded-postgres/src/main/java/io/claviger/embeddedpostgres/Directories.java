package io.claviger.embeddedpostgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

/** Makes directories that nobody but their owner gets into, closes and deletes them. */
final class Directories {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ENTERS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final Set<PosixFilePermission> OTHERS_WRITE =
      EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private Directories() {}

  /** With those above it that are missing, each with mode 0700 whatever the umask. */
  static void create(Path directory) throws IOException {
    Files.createDirectories(directory, OWNER_ENTERS);
  }

  /** Takes from others the right to change the directory or anything in it. Links stay. */
  static void close(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.filter(p -> !Files.isSymbolicLink(p)).toList()) {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
        if (permissions.removeAll(OTHERS_WRITE)) {
          Files.setPosixFilePermissions(path, permissions);
        }
      }
    }
  }

  /** Deletes a directory with all that is in it, without following links. */
  static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
