package io.claviger.bootstrap.doctor;

import io.claviger.host.DataDirectory;
import io.claviger.host.FileOwner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Checks the permissions of the data directory and of its secrets before the directory is used. */
final class DataDirectoryExamination {
  private static final String NAME = "data_directory";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private DataDirectoryExamination() {}

  /** Reports the findings. Returns whether the data directory exists. */
  static boolean of(Path directory, Consumer<Finding> findings) {
    return of(directory, FileOwner.ofThisProcess(), findings);
  }

  static boolean of(Path directory, FileOwner owner, Consumer<Finding> findings) {
    if (!Files.isDirectory(directory)) {
      findings.accept(
          Finding.warn(NAME, directory + " does not exist yet: the first start creates it"));
      return false;
    }
    List<Path> present =
        List.of(
                directory,
                directory.resolve(DataDirectory.ENCRYPTION_KEY),
                directory.resolve(DataDirectory.ADMIN_TOKEN),
                directory.resolve(DataDirectory.SIGN_IN_LINK),
                directory.resolve(DataDirectory.ADDRESS),
                directory.resolve("postgres"))
            .stream()
            .filter(Files::exists)
            .toList();
    List<Path> foreign = present.stream().filter(path -> !isOwnedBy(owner, path)).toList();
    foreign.forEach(
        path ->
            findings.accept(
                Finding.fail(
                    NAME,
                    "%s does not belong to the user of this process (id %d): chown it"
                        .formatted(path, owner.uid()))));
    List<Path> open =
        present.stream().filter(path -> !OWNER_ONLY.containsAll(modes(path))).toList();
    open.forEach(
        path ->
            findings.accept(
                Finding.fail(
                    NAME,
                    "%s is open to others (%s): chmod %s it"
                        .formatted(
                            path,
                            PosixFilePermissions.toString(modes(path)),
                            Files.isDirectory(path) ? "700" : "600"))));
    if (open.isEmpty() && foreign.isEmpty()) {
      findings.accept(
          Finding.ok(NAME, directory + " belongs to this user, and is closed to others"));
    }
    return true;
  }

  private static boolean isOwnedBy(FileOwner owner, Path path) {
    try {
      return owner.owns(path);
    } catch (IOException e) {
      return false;
    }
  }

  private static Set<PosixFilePermission> modes(Path path) {
    try {
      return Files.getPosixFilePermissions(path);
    } catch (IOException e) {
      return Set.of(PosixFilePermission.values());
    }
  }
}
