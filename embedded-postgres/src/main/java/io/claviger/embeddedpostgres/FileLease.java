package io.claviger.embeddedpostgres;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * An exclusive lock on a file, which excludes other threads of this process as well as other
 * processes. When the process ends, even if it is killed, the operating system releases the lock.
 * Therefore a lease never outlives its process. By contrast, a file with a process id could remain.
 */
final class FileLease {
  // A POSIX lock belongs to the process, and closing any descriptor of the file drops the lock. So
  // a process must not open a file on which it already holds a lock. This set prevents that.
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private static final long POLL_NANOS = 20_000_000;

  private final Path file;
  private final FileChannel channel;
  private final FileLock lock;

  private FileLease(Path file, FileChannel channel, FileLock lock) {
    this.file = file;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Takes the lease. Returns the lease; empty if somebody else has it. Creates the file if it does
   * not exist; the directory of the file must exist.
   */
  static Optional<FileLease> tryTake(Path path) throws IOException {
    Path file = path.toAbsolutePath().normalize();
    if (!HELD_HERE.add(file)) {
      return Optional.empty();
    }
    FileChannel channel = null;
    FileLock lock = null;
    try {
      channel =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      lock = channel.tryLock();
      return lock == null ? Optional.empty() : Optional.of(new FileLease(file, channel, lock));
    } finally {
      if (lock == null) {
        if (channel != null) {
          channel.close();
        }
        HELD_HERE.remove(file);
      }
    }
  }

  /** Like {@link #tryTake}, but waits for the lease for up to {@code patience}. */
  static Optional<FileLease> take(Path path, Duration patience) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    Optional<FileLease> lease = tryTake(path);
    while (lease.isEmpty() && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(POLL_NANOS);
      lease = tryTake(path);
    }
    return lease;
  }

  /** Ends this lease. Does nothing if the lease has been given back before. */
  void close() throws IOException {
    if (!channel.isOpen()) {
      return;
    }
    try (channel) {
      lock.release();
    } finally {
      HELD_HERE.remove(file);
    }
  }

  /**
   * Deletes the file while the lease is still held, so that nobody can take the lease between the
   * end of the lease and the deletion.
   */
  void delete() throws IOException {
    Files.deleteIfExists(file);
    close();
  }
}
