package io.claviger.application.budgets;

import java.time.Duration;

/** How fast the calls of a node use up an account. This class is not thread-safe. */
final class Pace {
  /** What was used longer ago than a few times this hardly counts. */
  private static final double MEMORY_NANOS = Duration.ofSeconds(2).toNanos();

  private static final long AT_ONCE_NANOS = Duration.ofMillis(1).toNanos();

  private double recent;
  private long largest;
  private long at;

  Pace(long now) {
    this.at = now;
  }

  /** Notes that a call wanted an amount. */
  void note(long amount, long now) {
    if (now - at >= AT_ONCE_NANOS) {
      recent = faded(now);
      at = now;
    }
    recent += amount;
    largest = Math.max(amount, largest / 2);
  }

  /**
   * Returns about as much as the calls of the last two seconds wanted. Whoever leases that much
   * ahead asks the database rarely, and doubles what is leased when the calls get faster.
   */
  long portion(long now) {
    return (long) faded(now);
  }

  /** Returns what one of the larger recent calls wanted. */
  long ofOneCall() {
    return largest;
  }

  /** Calls within a millisecond count as if they came at once. */
  private double faded(long now) {
    return now - at < AT_ONCE_NANOS ? recent : recent * Math.exp((at - now) / MEMORY_NANOS);
  }
}
