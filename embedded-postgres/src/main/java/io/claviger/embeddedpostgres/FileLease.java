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
 * An exclusive lock on a file. The lock excludes other threads of this process and other processes.
 * When the process ends, even if it is killed, the operating system releases the lock. So a lease
 * never outlives its process, as a file with a process id could.
 */
final class FileLease {
  // A POSIX lock belongs to the process, and closing any descriptor of the file drops the lock. So
  // a process must not open a file on which it already holds a lock. This set keeps a process from
  // opening such a file again.
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
   * Takes the lease and returns it; returns empty if somebody else has the lease. Creates a missing
   * file; its directory must exist.
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

  /** Like {@link #tryTake}, but waits up to {@code patience} for the lease. */
  static Optional<FileLease> take(Path path, Duration patience) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    Optional<FileLease> lease = tryTake(path);
    while (lease.isEmpty() && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(POLL_NANOS);
      lease = tryTake(path);
    }
    return lease;
  }

  /** Ends this lease. Does nothing if the lease has already ended. */
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
   * Deletes the file while holding the lease, so that nobody can take the lease just before the
   * deletion.
   */
  void delete() throws IOException {
    Files.deleteIfExists(file);
    close();
  }
}
