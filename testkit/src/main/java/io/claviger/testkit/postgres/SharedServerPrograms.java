package io.claviger.testkit.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The programs of Claviger's embedded PostgreSQL. The programs are unpacked once for several data
 * directories of a module's tests. Unpacking takes longer than the rest of a first start.
 */
public final class SharedServerPrograms {
  private static final Path HOME = Path.of("target", "server-programs").toAbsolutePath();

  private SharedServerPrograms() {}

  /**
   * Puts a link to the programs into a data directory in which no server was started yet.
   *
   * @param firstStart the action that starts and stops a server in a data directory, and so unpacks
   *     the programs in this directory
   */
  public static void lendTo(Path data, Consumer<Path> firstStart) {
    try {
      Path programs = unpacked(firstStart);
      Path directory =
          Files.createDirectories(
              data.resolve("postgres"),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.createSymbolicLink(directory.resolve(programs.getFileName()), programs);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Puts a link to the programs, and copies of a stopped server's files, into a data directory. The
   * directory then looks as if a server had been started and stopped in it. Linking and copying
   * takes a hundredth of the time of a first start.
   *
   * @param firstStart the same as for {@link #lendTo}
   */
  public static void lendStartedTo(Path data, Consumer<Path> firstStart) {
    lendTo(data, firstStart);
    Path made = HOME.resolve("postgres");
    Path directory = data.resolve("postgres");
    try (Stream<Path> cluster = Files.walk(made.resolve("cluster"))) {
      List<Path> files = new ArrayList<>(cluster.toList());
      files.add(made.resolve("password"));
      for (Path file : files) {
        // Copies the modes too, because they exclude other users.
        Files.copy(
            file, directory.resolve(made.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes the link to the shared programs from a data directory before it is deleted. */
  public static void takeFrom(Path data) {
    try (Stream<Path> files = Files.list(data.resolve("postgres"))) {
      for (Path link : files.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static synchronized Path unpacked(Consumer<Path> firstStart) throws IOException {
    Path directory = HOME.resolve("postgres");
    if (!Files.exists(directory)) {
      firstStart.accept(HOME);
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("program-"))
          .findFirst()
          .orElseThrow();
    }
  }
}
