package io.claviger.web.server;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket in one number: the time at which the bucket will be full again (the generic cell
 * rate algorithm). It holds the tokens of one minute, so that a burst of that many passes at once.
 */
final class TokenBucket {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final long interval;
  private final AtomicLong fullAt;

  /**
   * Creates a full bucket.
   *
   * @param perMinute how many tokens are added in a minute, at least 1
   * @param now the time in nanoseconds, as {@link System#nanoTime} returns it
   */
  TokenBucket(int perMinute, long now) {
    this.interval = MINUTE / perMinute;
    this.fullAt = new AtomicLong(now);
  }

  /**
   * Takes one token.
   *
   * @param now the time in nanoseconds, as {@link System#nanoTime} returns it
   * @return how long to wait for a token; empty if one was taken
   */
  Optional<Duration> take(long now) {
    while (true) {
      long before = fullAt.get();
      long after = (before - now < 0 ? now : before) + interval;
      long missing = after - now - MINUTE;
      if (missing > 0) {
        return Optional.of(Duration.ofNanos(missing));
      }
      if (fullAt.compareAndSet(before, after)) {
        return Optional.empty();
      }
    }
  }
}
