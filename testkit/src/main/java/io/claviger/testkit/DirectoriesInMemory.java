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
 * Creates directories in an in-memory file system. The kernel keeps no journal for an in-memory
 * file system. A server that flushes its files to memory does not wait for a disk. In memory,
 * creating a PostgreSQL cluster takes a tenth of the CPU time.
 *
 * @param prefix the beginning of the directories' names
 * @param lock the name of a file in each directory; the file is locked while the JVM that created
 *     the directory runs
 */
public record DirectoriesInMemory(String prefix, String lock) {
  private static final Logger LOG = LoggerFactory.getLogger(DirectoriesInMemory.class);
  private static final Path MEMORY = Path.of("/dev/shm");

  /**
   * The free space required for a new directory. The tests of any module use at most a third of
   * this space.
   */
  private static final long ENOUGH_BYTES = 3L << 30;

  /**
   * Returns a new directory; empty if there is no in-memory file system, or if it has too little
   * free space.
   */
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
   * Deletes the directories of JVMs that were killed before they could delete their directories. A
   * server that still runs in such a directory ends when its files are gone.
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
   * Whether no process holds the lock. A directory that is just being created has no lock file yet,
   * and counts as locked.
   */
  private static boolean isAbandoned(Path lock) {
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
      return channel.tryLock() != null;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Files that can't be deleted are kept, such as a directory in which a killed test has mounted a
   * disk.
   */
  private static void delete(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        boolean unused = Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("The unused directory {} can't be deleted: {}", directory, e.getMessage());
    }
  }
}
