package io.claviger.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates tests' temporary directories in memory if there is enough space. Servers in these
 * directories flush their files after each transaction.
 */
public final class TempDirInMemory implements TempDirFactory {
  private static final Logger LOG = LoggerFactory.getLogger(TempDirInMemory.class);

  @Override
  public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext extension)
      throws Exception {
    return OfThisJvm.HOME.isPresent()
        ? Files.createTempDirectory(OfThisJvm.HOME.get(), "junit-")
        : Standard.INSTANCE.createTempDirectory(element, extension);
  }

  /**
   * The directory that contains all temporary directories. The directory is locked until this JVM
   * ends.
   */
  private static final class OfThisJvm {
    private static final DirectoriesInMemory KIND =
        new DirectoriesInMemory("claviger-test-files-", ".lock");
    static final Optional<Path> HOME = locked();

    private static Optional<Path> locked() {
      try {
        Optional<Path> home = KIND.directory();
        return home.isPresent() && isLocked(home.get()) ? home : Optional.empty();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /**
     * Locks a directory until this JVM ends. Returns false if files in the directory can't be
     * executed. Servers execute files in the directory.
     */
    private static boolean isLocked(Path home) throws IOException {
      Path file =
          Files.createFile(
              home.resolve(KIND.lock()),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      boolean locked = channel.lock().isValid();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(home, channel)));
      return locked && Files.isExecutable(file);
    }

    /** The next build deletes files that tests have left behind. */
    private static void leave(Path home, FileChannel lock) {
      try (lock;
          Stream<Path> files = Files.list(home)) {
        if (files.count() == 1) {
          Files.delete(home.resolve(KIND.lock()));
          Files.delete(home);
        }
      } catch (IOException e) {
        LOG.debug("{} can't be deleted now; the next build deletes it", home, e);
      }
    }
  }
}
