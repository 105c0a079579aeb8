package io.claviger.embeddedpostgres;

import io.claviger.operator.StartRefused;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Lets one process at a time start, join, leave or stop a server. */
final class StartupLock {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Path lock;

  StartupLock(Path lock) {
    this.lock = lock;
  }

  interface Action<T> {
    T run() throws IOException;
  }

  <T> T behind(Action<T> action) throws IOException {
    FileLease lease =
        FileLease.take(lock, PATIENCE)
            .orElseThrow(
                () ->
                    new StartRefused(
                        "another claviger has been starting or stopping the database of %s for a minute"
                            .formatted(lock.getParent())));
    try {
      return action.run();
    } finally {
      lease.close();
    }
  }
}
