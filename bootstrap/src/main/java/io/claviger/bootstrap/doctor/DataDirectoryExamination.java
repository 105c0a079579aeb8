package io.claviger.bootstrap.doctor;

import io.claviger.application.operations.port.Doctor.Finding;
import io.claviger.host.DataDirectory;
import io.claviger.host.FileOwner;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Checks the permissions of the data directory and of its secrets, and whether the directory can be
 * written, before it is used.
 */
final class DataDirectoryExamination {
  private static final String NAME = "data_directory";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private DataDirectoryExamination() {}

  /**
   * Reports the findings. Returns whether the data directory exists, and it and its subdirectory
   * are in order. If the result is false, the directories must not be opened, because opening them
   * would create them or change their permissions.
   */
  static boolean of(Path directory, Consumer<Finding> findings) {
    return of(directory, FileOwner.ofThisProcess(), Files::isWritable, findings);
  }

  static boolean of(
      Path directory, FileOwner owner, Predicate<Path> writable, Consumer<Finding> findings) {
    if (!Files.isDirectory(directory)) {
      findings.accept(missing(directory, writable));
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
    List<Path> own =
        present.stream()
            .filter(Files::isDirectory)
            .filter(path -> !foreign.contains(path))
            .toList();
    List<Path> closed = own.stream().filter(path -> !modes(path).containsAll(OWNER_ONLY)).toList();
    closed.forEach(
        path ->
            findings.accept(
                Finding.warn(
                    NAME,
                    "%s lacks permissions for its owner (%s): chmod 700 it, as a start does"
                        .formatted(path, PosixFilePermissions.toString(modes(path))))));
    List<Path> fixed =
        own.stream().filter(path -> !closed.contains(path)).filter(writable.negate()).toList();
    fixed.forEach(
        path ->
            findings.accept(
                Finding.fail(
                    NAME, path + " can't be written: look whether its file system is read-only")));
    List<Path> faulty = Stream.of(foreign, open, closed, fixed).flatMap(List::stream).toList();
    if (faulty.isEmpty()) {
      findings.accept(
          Finding.ok(NAME, directory + " belongs to this user, and is closed to others"));
    }
    return faulty.stream().noneMatch(Files::isDirectory);
  }

  private static Finding missing(Path directory, Predicate<Path> writable) {
    Path above = directory;
    while (!Files.exists(above, LinkOption.NOFOLLOW_LINKS) && above.getParent() != null) {
      above = above.getParent();
    }
    if (!Files.isDirectory(above)) {
      return Finding.fail(NAME, "%s can't be made: %s is no directory".formatted(directory, above));
    }
    Optional<String> refusal = refusal(above, directory);
    if (refusal.isPresent()) {
      return Finding.fail(NAME, "%s can't be made: %s".formatted(directory, refusal.get()));
    }
    return writable.test(above)
        ? Finding.warn(NAME, directory + " does not exist yet: the first start creates it")
        : Finding.fail(NAME, "%s can't be made: %s can't be written".formatted(directory, above));
  }

  /**
   * Returns the operating system's reason why it accepts no such path, for example because a name
   * is too long. A missing directory hides faults of the names below it, so each name is tried in a
   * directory that exists.
   */
  private static Optional<String> refusal(Path existing, Path directory) {
    List<Path> tried = new ArrayList<>(List.of(directory));
    existing.relativize(directory).forEach(name -> tried.add(existing.resolve(name)));
    for (Path path : tried) {
      try {
        Object unused = Files.getLastModifiedTime(path);
      } catch (IOException e) {
        Optional<String> reason = reason(e);
        if (reason.isPresent()) {
          return reason;
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Returns the reason why no file with this name can be made. Empty if the name is free. Also
   * empty if the directory can't be searched: whether it can be written is examined next.
   */
  static Optional<String> reason(IOException fault) {
    if (fault instanceof NoSuchFileException || fault instanceof AccessDeniedException) {
      return Optional.empty();
    }
    return Optional.of(
        fault instanceof FileSystemException told && told.getReason() != null
            ? told.getReason()
            : fault.getClass().getSimpleName());
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
