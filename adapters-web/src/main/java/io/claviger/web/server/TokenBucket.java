package io.claviger.web.server;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket in one number: the moment at which the bucket would be full again (the generic
 * cell rate algorithm). It holds what a minute brings, so that a burst of that many passes at once.
 */
final class TokenBucket {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final long interval;
  private final AtomicLong fullAt;

  /**
   * @param perMinute 1 and more
   * @param now in nanoseconds, as {@link System#nanoTime} counts them
   */
  TokenBucket(int perMinute, long now) {
    this.interval = MINUTE / perMinute;
    this.fullAt = new AtomicLong(now);
  }

  /**
   * Takes one token.
   *
   * @return how long to wait for one, where there is none; then nothing is taken
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
