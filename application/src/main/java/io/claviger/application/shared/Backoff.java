package io.claviger.application.shared;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * Waits before the repetition of an attempt that failed because another change came first. The wait
 * is random, so that attempts that collided do not collide again. The upper bound of the wait
 * doubles with each failure.
 */
public final class Backoff {
  static final long FIRST_NANOS = 2_000_000;
  static final long LONGEST_NANOS = 128_000_000;

  private Backoff() {}

  /**
   * This method blocks for at most 128 milliseconds.
   *
   * @param failures how many attempts in a row have failed, at least 1
   */
  public static void pause(int failures) {
    LockSupport.parkNanos(nanos(failures, ThreadLocalRandom.current()));
  }

  static long nanos(int failures, RandomGenerator random) {
    int doublings = Math.min(failures - 1, 30);
    return random.nextLong(1, Math.min(LONGEST_NANOS, FIRST_NANOS << doublings) + 1);
  }
}
