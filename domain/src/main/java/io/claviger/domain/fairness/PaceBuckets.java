package io.claviger.domain.fairness;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * The remaining amount of each limit at a given time. Each limit is a token bucket that refills
 * evenly, and holds the amount of a tenth of a minute. Calls that use more than was reserved for
 * them can overdraw a bucket. Nothing is granted from an overdrawn bucket until it has refilled.
 * Refilling takes a minute at most, because after a minute the provider's own limits are free
 * again. This class is not thread-safe.
 */
final class PaceBuckets {
  /** A full bucket holds the amount that its limit allows in this time, a tenth of a minute. */
  static final long BURST_MILLIS = 6_000;

  /**
   * The buckets count fractions of a unit: a unit is divided into this number of parts, so that
   * each millisecond adds a whole number of parts.
   */
  private static final long PARTS = 60_000;

  /**
   * If the clock goes back by at most this time, the change is ignored. If the clock goes back
   * further, somebody has set the clock, and the new time is adopted.
   */
  private static final long CLOCK_JUMP_MILLIS = 60_000;

  private final PaceLimits limits;
  private final EnumMap<PaceLimit, Long> levels = new EnumMap<>(PaceLimit.class);
  private final EnumMap<PaceLimit, Long> pausedUntil = new EnumMap<>(PaceLimit.class);
  private long allPausedUntil;
  private long at;

  /** Creates buckets that are all full or all empty. */
  PaceBuckets(PaceLimits limits, long now, boolean full) {
    this.limits = limits;
    this.at = now;
    this.allPausedUntil = now;
    limits
        .each()
        .forEach(
            (limit, amount) -> levels.put(limit, full ? amount * BURST_MILLIS : Long.valueOf(0)));
  }

  private PaceBuckets(PaceBuckets other) {
    this.limits = other.limits;
    this.at = other.at;
    this.levels.putAll(other.levels);
    this.pausedUntil.putAll(other.pausedUntil);
    this.allPausedUntil = other.allPausedUntil;
  }

  PaceBuckets copy() {
    return new PaceBuckets(this);
  }

  /**
   * Adds to each bucket the amount for the time until now; nothing if the clock went back. Returned
   * grants fill a bucket only up to its usual size, because the provider's own bucket might have no
   * room for more. A bucket that already contained more than its usual size stays as full as it
   * was.
   *
   * @param largest the largest waiting call. The size of the buckets grows until this call fits,
   *     but at most to the amount that the limits allow in a minute
   * @param before the copy of these buckets that was made before the node's statement was settled
   */
  void refill(long now, PaceUse largest, PaceBuckets before) {
    long millis = Math.clamp(now - at, 0, PARTS);
    at = now < at - CLOCK_JUMP_MILLIS ? now : Math.max(at, now);
    long latest = at + PaceRefusal.MOST_PAUSE.toMillis();
    allPausedUntil = Math.min(allPausedUntil, latest);
    pausedUntil.replaceAll((unused, until) -> Math.min(until, latest));
    pausedUntil.values().removeIf(until -> until <= at);
    for (Map.Entry<PaceLimit, Long> limit : limits.each().entrySet()) {
      long full =
          Math.max(
              limit.getValue() * BURST_MILLIS,
              Math.min(limit.getKey().partOf(largest), limit.getValue()) * PARTS);
      levels.merge(
          limit.getKey(),
          limit.getValue() * millis,
          (level, more) -> Math.min(level + more, Math.max(full, before.level(limit.getKey()))));
    }
  }

  /**
   * Whether every limit leaves enough for the given use. Limits that do not count such use are
   * ignored.
   */
  boolean cover(PaceUse use) {
    if (at < allPausedUntil) {
      return false;
    }
    for (PaceLimit limit : pausedUntil.keySet()) {
      if (limit.partOf(use) > 0) {
        return false;
      }
    }
    for (PaceLimit limit : limits.each().keySet()) {
      long part = limit.partOf(use);
      if (part > 0 && level(limit) < part * PARTS) {
        return false;
      }
    }
    return true;
  }

  /** Subtracts a use from the buckets. A negative use makes the buckets fuller. */
  void take(PaceUse use) {
    levels.replaceAll(
        (limit, level) -> {
          long minute = limitOf(limit);
          long part = Math.clamp(limit.partOf(use), -minute, 2 * minute);
          return Math.max(level - part * PARTS, -minute * PARTS);
        });
  }

  /**
   * Adjusts the buckets to the amounts that an answer states. The stated remaining amount replaces
   * a bucket's level only if the stated amount is lower. If it is higher, the provider has not
   * counted all running calls yet.
   *
   * @param held the amount that was granted to nodes and is still unused
   */
  void learn(LimitStatement stated, PaceUse held) {
    PaceLimit limit = stated.limit();
    if (stated.left().isEmpty()) {
      return;
    }
    if (!stated.isPerMinute()) {
      if (stated.left().getAsLong() <= 0) {
        pause(limit, stated.resetsIn().orElse(Duration.ofSeconds(1)).toMillis());
      }
    } else if (levels.containsKey(limit)) {
      long minute = limitOf(limit);
      long left = Math.clamp(stated.left().getAsLong(), 0, PaceLimits.MOST);
      long free = Math.clamp(left - limit.partOf(held), -minute, PaceLimits.MOST);
      levels.merge(limit, free * PARTS, Math::min);
    }
  }

  /**
   * Treats a limit as used up for the given time; treats all limits as used up if the provider did
   * not say which limit is used up.
   */
  void pause(PaceRefusal refusal) {
    if (refusal.limit().isPresent()) {
      pause(refusal.limit().get(), refusal.pause().toMillis());
    } else {
      allPausedUntil = Math.max(allPausedUntil, at + refusal.pause().toMillis());
    }
  }

  private void pause(PaceLimit limit, long millis) {
    long bounded = Math.clamp(millis, 0, PaceRefusal.MOST_PAUSE.toMillis());
    pausedUntil.merge(limit, at + bounded, Math::max);
    levels.computeIfPresent(limit, (unused, level) -> Math.min(level, 0));
  }

  /**
   * Returns the limits that are used up according to the provider, each with the milliseconds until
   * it can be used again.
   */
  Map<PaceLimit, Long> pauses() {
    EnumMap<PaceLimit, Long> millis = new EnumMap<>(PaceLimit.class);
    pausedUntil.forEach((limit, until) -> millis.put(limit, until - at));
    return millis;
  }

  long pause() {
    return Math.max(0, allPausedUntil - at);
  }

  /** Returns the remaining whole units of each limit; negative if the bucket is overdrawn. */
  Map<PaceLimit, Long> left() {
    EnumMap<PaceLimit, Long> left = new EnumMap<>(PaceLimit.class);
    levels.forEach((limit, level) -> left.put(limit, Math.floorDiv(level, PARTS)));
    return left;
  }

  private long level(PaceLimit limit) {
    return levels.getOrDefault(limit, 0L);
  }

  private long limitOf(PaceLimit limit) {
    return limits.each().getOrDefault(limit, 0L);
  }

  void write(StateWriter to) {
    to.number(at);
    to.number(allPausedUntil - at);
    for (PaceLimit limit : PaceLimit.values()) {
      to.number(limitOf(limit));
      to.number(level(limit));
      to.number(pausedUntil.getOrDefault(limit, at) - at);
    }
  }

  /**
   * Reads a state that might have been written under other limits. If a limit has changed, the
   * level of its bucket changes in proportion. A new limit begins with a full bucket.
   */
  static PaceBuckets read(StateReader from, PaceLimits limits) {
    PaceBuckets read = new PaceBuckets(limits, from.number(), true);
    read.allPausedUntil = read.at + from.number();
    for (PaceLimit limit : PaceLimit.values()) {
      long before = from.number(0, PaceLimits.MOST);
      long level = Math.clamp(from.number(), -before * PARTS, before * PARTS);
      long paused = from.number();
      if (paused > 0) {
        read.pausedUntil.put(limit, read.at + paused);
      }
      if (before > 0 && read.levels.containsKey(limit)) {
        long amount = read.limitOf(limit);
        read.levels.put(
            limit, amount == before ? level : (long) ((double) level / before * amount));
      }
    }
    return read;
  }
}
