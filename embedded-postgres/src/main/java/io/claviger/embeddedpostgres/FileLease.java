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
 * Holds a file against everybody else, in this process and others. The operating system ends it
 * with the process, however that ends; so a lease can't be left behind, unlike a file with a
 * process id.
 */
final class FileLease {
  // A POSIX lock belongs to the process, and closing any descriptor of the file drops it. So a
  // process must not even open a file that it holds: this set keeps it from that.
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

  /** Empty if anybody holds it. The file is made where it is missing; its directory must exist. */
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

  /** As {@link #tryTake}, but waits that long for whoever holds it. */
  static Optional<FileLease> take(Path path, Duration patience) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    Optional<FileLease> lease = tryTake(path);
    while (lease.isEmpty() && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(POLL_NANOS);
      lease = tryTake(path);
    }
    return lease;
  }

  void close() throws IOException {
    try {
      lock.release();
      channel.close();
    } finally {
      HELD_HERE.remove(file);
    }
  }

  /** Deletes the file while it is held, so that nobody takes it in between. */
  void delete() throws IOException {
    Files.deleteIfExists(file);
    close();
  }
}
