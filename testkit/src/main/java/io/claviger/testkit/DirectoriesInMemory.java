package io.claviger.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Directories in a file system in memory. The kernel keeps no journal for it, and a server that
 * flushes its files does not wait for a disk. A new PostgreSQL cluster needs a tenth of the CPU
 * time there.
 *
 * @param prefix the beginning of the directories' names
 * @param lock the name of a file in each directory, which is locked while the JVM that made the
 *     directory runs
 */
public record DirectoriesInMemory(String prefix, String lock) {
  private static final Logger LOG = LoggerFactory.getLogger(DirectoriesInMemory.class);
  private static final Path MEMORY = Path.of("/dev/shm");

  /**
   * The free space that a new directory requires. The tests of no module use more than a third of
   * it.
   */
  private static final long ENOUGH_BYTES = 3L << 30;

  /** A new directory; empty if there is no file system in memory, or too little space in it. */
  public Optional<Path> directory() throws IOException {
    if (!Files.isWritable(MEMORY)) {
      return Optional.empty();
    }
    deleteAbandoned();
    if (Files.getFileStore(MEMORY).getUsableSpace() < ENOUGH_BYTES) {
      return Optional.empty();
    }
    return Optional.of(Files.createTempDirectory(MEMORY, prefix));
  }

  /**
   * Deletes the directories of JVMs that were killed before they could delete them. A server that
   * still runs in one of them ends when its files are gone.
   */
  private void deleteAbandoned() throws IOException {
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(MEMORY, prefix + "*")) {
      for (Path directory : directories) {
        if (isAbandoned(directory.resolve(lock))) {
          delete(directory);
        }
      }
    }
  }

  /**
   * Whether nobody holds the lock. A directory that is still being created has no lock file yet,
   * and is treated as locked.
   */
  private static boolean isAbandoned(Path lock) {
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
      return channel.tryLock() != null;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Leaves files in place that can't be deleted, such as a directory in which a killed test has
   * mounted a disk.
   */
  private static void delete(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        boolean unused = Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("{}, which nobody uses, can't be deleted: {}", directory, e.getMessage());
    }
  }
}
