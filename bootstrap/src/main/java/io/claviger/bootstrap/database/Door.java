package io.claviger.bootstrap.database;

import io.claviger.bootstrap.settings.StartRefused;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Lets one process at a time start, join, leave or stop a server. */
final class Door {
  private static final long PATIENCE_NANOS = 60_000_000_000L;
  private static final long POLL_NANOS = 20_000_000L;

  private final Path lock;

  Door(Path lock) {
    this.lock = lock;
  }

  interface Action<T> {
    T run() throws IOException;
  }

  <T> T behind(Action<T> action) throws IOException {
    FileLease lease = await();
    try {
      return action.run();
    } finally {
      lease.close();
    }
  }

  private FileLease await() throws IOException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (System.nanoTime() - deadline < 0) {
      Optional<FileLease> lease = FileLease.tryTake(lock);
      if (lease.isPresent()) {
        return lease.get();
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    throw new StartRefused(
        "another claviger has been starting or stopping the database of %s for a minute"
            .formatted(lock.getParent()));
  }
}
