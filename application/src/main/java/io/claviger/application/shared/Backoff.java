package io.claviger.application.shared;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * Waits before an attempt is repeated after a conflict. The time is random, so that attempts that
 * conflicted with each other do not conflict again. With each failure, the upper bound of the time
 * doubles.
 */
public final class Backoff {
  static final long FIRST_NANOS = 2_000_000;
  static final long LONGEST_NANOS = 128_000_000;

  private Backoff() {}

  /**
   * Waits before the next attempt. This method blocks for at most 128 milliseconds.
   *
   * @param failures the number of attempts that have failed in a row, at least 1
   */
  public static void pause(int failures) {
    LockSupport.parkNanos(nanos(failures, ThreadLocalRandom.current()));
  }

  static long nanos(int failures, RandomGenerator random) {
    int doublings = Math.min(failures - 1, 30);
    return random.nextLong(1, Math.min(LONGEST_NANOS, FIRST_NANOS << doublings) + 1);
  }
}
