package io.claviger.journeys;

import io.claviger.testkit.http.TestResponse;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what other threads, nodes and processes bring about. */
final class Eventually {
  /** What one node took, others know within 50 ms, and a little later on a busy machine. */
  static final Duration SOON = Duration.ofSeconds(1);

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

  /**
   * Asks at a node that did not take the change itself, until it has heard of it.
   *
   * @return the first answer of that status, or the last one
   */
  static TestResponse answers(int status, Supplier<TestResponse> ask) {
    long began = System.nanoTime();
    TestResponse reply = ask.get();
    while (reply.status() != status && System.nanoTime() - began < SOON.toNanos()) {
      LockSupport.parkNanos(BETWEEN_NANOS);
      reply = ask.get();
    }
    return reply;
  }
}
