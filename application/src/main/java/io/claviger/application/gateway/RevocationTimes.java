package io.claviger.application.gateway;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Measures how long this node takes to learn about changes on other nodes, such as revocations. The
 * result is the longest time in the last {@value #MINUTES} minutes.
 *
 * <p>The time is measured only while this node reads the list of changes. The node reads this list
 * while calls arrive, or while API requests are so frequent that their tokens are cached. While a
 * node does not read the list, no measurement is needed, because the node queries the database for
 * the next call.
 */
public final class RevocationTimes {
  /** The number of minutes for which a measurement counts. */
  static final int MINUTES = 5;

  private static final long MINUTE = Duration.ofMinutes(1).toNanos();
  private static final long NONE = -1;

  private final LongSupplier nanos;
  private final long begun;
  private final long[] worst = new long[MINUTES];
  private long minute;

  public RevocationTimes(LongSupplier nanos) {
    this.nanos = nanos;
    this.begun = nanos.getAsLong();
    Arrays.fill(worst, NONE);
  }

  /** Records how long it took from a change until this node learned of the change. */
  public synchronized void record(Duration after) {
    goOn();
    int now = (int) (minute % MINUTES);
    worst[now] = Math.max(worst[now], after.toNanos());
  }

  /**
   * Returns the longest time that this node recently took to learn of a change. The result is empty
   * if the node learned of no change in the minutes that count.
   */
  public synchronized Optional<Duration> longest() {
    goOn();
    long longest = NONE;
    for (long each : worst) {
      longest = Math.max(longest, each);
    }
    return longest == NONE ? Optional.empty() : Optional.of(Duration.ofNanos(longest));
  }

  /** Forgets measurements that are too old. */
  private void goOn() {
    long now = (nanos.getAsLong() - begun) / MINUTE;
    for (long passed = Math.max(minute + 1, now - MINUTES + 1); passed <= now; passed++) {
      worst[(int) (passed % MINUTES)] = NONE;
    }
    minute = now;
  }
}
