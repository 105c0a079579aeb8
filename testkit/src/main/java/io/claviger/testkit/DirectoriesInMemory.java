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
 * Directories in memory, where the kernel keeps no journal and a server that waits for its disk
 * waits for nothing. A new cluster of PostgreSQL needs a tenth of the CPU time there.
 *
 * @param prefix how the names of the directories begin
 * @param lock a file in each of them, locked as long as the JVM runs for which it was made
 */
public record DirectoriesInMemory(String prefix, String lock) {
  private static final Logger LOG = LoggerFactory.getLogger(DirectoriesInMemory.class);
  private static final Path MEMORY = Path.of("/dev/shm");

  /** The space for one of them. The largest of a module's tests has less than a third of it. */
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

  /** Deletes what killed JVMs left behind. Servers end when their files are gone. */
  private void deleteAbandoned() throws IOException {
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(MEMORY, prefix + "*")) {
      for (Path directory : directories) {
        if (isAbandoned(directory.resolve(lock))) {
          delete(directory);
        }
      }
    }
  }

  /** Whether nobody holds the lock. A directory that is still being made has no such file yet. */
  private static boolean isAbandoned(Path lock) {
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
      return channel.tryLock() != null;
    } catch (IOException e) {
      return false;
    }
  }

  /** What can't be deleted stays, such as a directory in which a killed test has mounted a disk. */
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
