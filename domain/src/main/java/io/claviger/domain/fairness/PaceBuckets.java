package io.claviger.domain.fairness;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * What is left of each limit at a moment. Each limit is a token bucket that refills evenly and
 * holds a tenth of a minute. A bucket can be overdrawn by calls that used more than was reserved;
 * it then gives nothing until it has refilled, which takes a minute at most, because a provider's
 * own limits are free again by then. This class is not thread-safe.
 */
final class PaceBuckets {
  /** The bucket holds the refill of this many milliseconds: a tenth of a minute. */
  static final long BURST_MILLIS = 6_000;

  /** A bucket counts in parts of a unit, so that each millisecond refills a whole number. */
  private static final long PARTS = 60_000;

  /** If the clock goes back by more than this, somebody has set it. */
  private static final long CLOCK_JUMP_MILLIS = 60_000;

  private final PaceLimits limits;
  private final EnumMap<PaceLimit, Long> levels = new EnumMap<>(PaceLimit.class);
  private final EnumMap<PaceLimit, Long> pausedUntil = new EnumMap<>(PaceLimit.class);
  private long allPausedUntil;
  private long at;

  /** Full or empty buckets. */
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
   * Refills until now. A clock that goes back refills nothing. What calls returned fills a bucket,
   * too, and no more than that: the provider may not have kept it.
   *
   * @param largest a call that waits; buckets grow until it fits, however large it is
   * @param before these buckets before something was returned
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

  /** Whether a use fits. A limit that the use does not count against does not matter. */
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

  /** Takes a use, or returns it if it is negative. */
  void take(PaceUse use) {
    levels.replaceAll(
        (limit, level) -> {
          long minute = limitOf(limit);
          long part = Math.clamp(limit.partOf(use), -minute, 2 * minute);
          return Math.max(level - part * PARTS, -minute * PARTS);
        });
  }

  /**
   * Learns from an answer. What it says is left counts if that is less than is left here; if it is
   * more, other calls are under way that the provider has not counted yet.
   *
   * @param held what nodes were granted and have not used
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

  /** A limit counts as used up for a time, or everything if the provider did not say which. */
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

  /** For how long nothing is left of limits, by what the provider said. */
  Map<PaceLimit, Long> pauses() {
    EnumMap<PaceLimit, Long> millis = new EnumMap<>(PaceLimit.class);
    pausedUntil.forEach((limit, until) -> millis.put(limit, until - at));
    return millis;
  }

  long pause() {
    return Math.max(0, allPausedUntil - at);
  }

  /** Whole units that are left of each limit, less than nothing if it is overdrawn. */
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
   * Reads what was written under limits that may have been others. Levels keep their part of the
   * limit; a limit that is new begins with a full bucket.
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
