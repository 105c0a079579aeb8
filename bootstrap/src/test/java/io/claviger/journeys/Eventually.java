package io.claviger.journeys;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other threads, nodes and processes bring about. */
final class Eventually {
  private static final long BETWEEN_NANOS = 5_000_000;

  private Eventually() {}

  /** How long it took; it must be true at last. */
  static Duration holds(Duration patience, BooleanSupplier state) {
    long began = System.nanoTime();
    while (!state.getAsBoolean()) {
      if (System.nanoTime() - began > patience.toNanos()) {
        throw new AssertionError("not within " + patience);
      }
      LockSupport.parkNanos(BETWEEN_NANOS);
    }
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
