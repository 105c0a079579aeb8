package io.claviger.domain.fairness;

import java.util.EnumMap;
import java.util.Map;

/**
 * What is left of each limit at a moment. Each limit is a token bucket that refills evenly and
 * holds a tenth of a minute. A bucket can be overdrawn by calls that used more than was reserved;
 * it then gives nothing until it has refilled. This class is not thread-safe.
 */
final class PaceBuckets {
  /** The bucket holds the refill of this many milliseconds: a tenth of a minute. */
  static final long BURST_MILLIS = 6_000;

  /** A bucket counts in parts of a unit, so that each millisecond refills a whole number. */
  private static final long PARTS = 60_000;

  private final PaceLimits limits;
  private final EnumMap<PaceLimit, Long> levels = new EnumMap<>(PaceLimit.class);
  private long at;

  /** Full buckets. */
  PaceBuckets(PaceLimits limits, long now) {
    this.limits = limits;
    this.at = now;
    limits.each().forEach((limit, amount) -> levels.put(limit, amount * BURST_MILLIS));
  }

  private PaceBuckets(PaceBuckets other) {
    this.limits = other.limits;
    this.at = other.at;
    this.levels.putAll(other.levels);
  }

  PaceBuckets copy() {
    return new PaceBuckets(this);
  }

  /**
   * Refills until now. A clock that goes back refills nothing.
   *
   * @param largest a call that waits; buckets grow until it fits, however large it is
   */
  void refill(long now, PaceUse largest) {
    long millis = Math.clamp(now - at, 0, PARTS);
    at = Math.max(at, now);
    for (Map.Entry<PaceLimit, Long> limit : limits.each().entrySet()) {
      long full =
          Math.max(
              limit.getValue() * BURST_MILLIS,
              Math.min(limit.getKey().partOf(largest), limit.getValue()) * PARTS);
      levels.merge(
          limit.getKey(),
          limit.getValue() * millis,
          (level, more) -> cap(level + more, level, full));
    }
  }

  private static long cap(long refilled, long before, long full) {
    return Math.min(refilled, Math.max(before, full));
  }

  boolean cover(PaceUse use) {
    return limits.each().keySet().stream()
        .allMatch(limit -> levels.get(limit) >= limit.partOf(use) * PARTS);
  }

  /** Takes a use, or returns it if it is negative. */
  void take(PaceUse use) {
    levels.replaceAll((limit, level) -> level - limit.partOf(use) * PARTS);
  }

  /** What is left of the scarcest limit, in minutes; negative if it is overdrawn. */
  double minutesLeft() {
    return limits.each().entrySet().stream()
        .mapToDouble(e -> levels.get(e.getKey()) / (double) (e.getValue() * PARTS))
        .min()
        .orElse(Double.MAX_VALUE);
  }
}
