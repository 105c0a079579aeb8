package io.claviger.client.settings;

import io.claviger.client.faults.ClientFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Locks that only one thread of one process can hold at a time. When a process ends, its locks are
 * released.
 */
final class FileLocks {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(20);

  /**
   * The locks between the threads of this process, which are needed because a file lock belongs to
   * the whole process, not to a thread.
   */
  private static final Map<Path, ReentrantLock> OF_THREADS = new ConcurrentHashMap<>();

  private FileLocks() {}

  /** A lock that is held until this object is closed. */
  record Held(ReentrantLock ofThreads, FileChannel channel, FileLock ofProcesses)
      implements AutoCloseable {
    void assertHeld() {
      if (!ofProcesses.isValid()) {
        throw new IllegalStateException("the lock is closed");
      }
    }

    @Override
    public void close() {
      try {
        channel.close(); // this releases the lock
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        ofThreads.unlock();
      }
    }
  }

  /** Waits for a lock, for at most one minute. */
  static Held hold(Path file) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    ReentrantLock ofThreads = OF_THREADS.computeIfAbsent(file, path -> new ReentrantLock());
    try {
      if (!ofThreads.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
        throw busy(file);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw busy(file);
    }
    try {
      FileChannel channel = PrivateFiles.lockFile(file);
      try {
        return new Held(ofThreads, channel, lock(file, channel, deadline));
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      ofThreads.unlock();
      throw PrivateFiles.unwritable(file, e);
    } catch (RuntimeException e) {
      ofThreads.unlock();
      throw e;
    }
  }

  private static FileLock lock(Path file, FileChannel channel, long deadline) throws IOException {
    FileLock lock = channel.tryLock();
    while (lock == null) {
      if (System.nanoTime() - deadline > 0) {
        throw busy(file);
      }
      LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
      lock = channel.tryLock();
    }
    return lock;
  }

  private static ClientFault busy(Path file) {
    return ClientFault.of(
        "another process of yours has been using this sign-in for more than a minute",
        "End that process: it holds " + file);
  }
}
