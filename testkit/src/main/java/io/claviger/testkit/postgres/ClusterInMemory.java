package io.claviger.testkit.postgres;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A directory in memory for an embedded server's files. A new database there needs a tenth of the
 * CPU time that it needs on a disk, because the kernel keeps no journal of its 400 files.
 */
final class ClusterInMemory {
  private static final Path MEMORY = Path.of("/dev/shm");
  private static final String PREFIX = "claviger-test-postgres-";

  /**
   * The space for a cluster. The largest cluster of a module's tests has less than a third of it.
   */
  private static final long ENOUGH_BYTES = 3L << 30;

  /** The embedded server's lock file, locked as long as the JVM that started it runs. */
  private static final String LOCK = "epg-lock";

  private ClusterInMemory() {}

  /** A new directory; empty if there is no file system in memory, or too little space in it. */
  static Optional<Path> directory() throws IOException {
    if (!Files.isWritable(MEMORY)) {
      return Optional.empty();
    }
    deleteAbandoned();
    if (Files.getFileStore(MEMORY).getUsableSpace() < ENOUGH_BYTES) {
      return Optional.empty();
    }
    return Optional.of(Files.createTempDirectory(MEMORY, PREFIX));
  }

  /** Deletes clusters that killed JVMs left behind. Their servers end when the files are gone. */
  private static void deleteAbandoned() throws IOException {
    try (DirectoryStream<Path> clusters = Files.newDirectoryStream(MEMORY, PREFIX + "*")) {
      for (Path cluster : clusters) {
        if (isAbandoned(cluster.resolve(LOCK))) {
          delete(cluster);
        }
      }
    }
  }

  /** Whether a cluster was abandoned. One that is still being made does not have this file yet. */
  private static boolean isAbandoned(Path lock) {
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
      return channel.tryLock() != null;
    } catch (IOException e) {
      return false;
    }
  }

  private static void delete(Path cluster) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(cluster)) {
      files = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      boolean unused = Files.deleteIfExists(file);
    }
  }
}
