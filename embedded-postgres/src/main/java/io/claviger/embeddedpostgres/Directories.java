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

/**
 * Creates directories for their owner only, restricts access to existing directories, and deletes
 * directories.
 */
final class Directories {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ENTERS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final Set<PosixFilePermission> OTHERS_WRITE =
      EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private Directories() {}

  /** Creates a directory and its missing parents, all with mode 0700 regardless of the umask. */
  static void create(Path directory) throws IOException {
    Files.createDirectories(directory, OWNER_ENTERS);
  }

  /**
   * Removes other users' right to change the directory or anything in it. Does not follow symbolic
   * links.
   */
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

  /** Deletes a directory and everything in it. Does not follow links. */
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
