package io.claviger.application.health;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Provides the time by which a node decides what has begun or expired. If the node's clock differs
 * from the database's clock, this is the database's time, so that all nodes decide in the same way.
 */
public final class SharedTime {
  /**
   * Smaller differences between the clocks are ignored, because a query for the database's time
   * also takes time.
   */
  private static final Duration LEAST = Duration.ofSeconds(1);

  /**
   * Larger differences between the clocks are ignored, because the database's clock might be the
   * wrong clock.
   */
  public static final Duration MOST = Duration.ofHours(1);

  private final InstantSource clock;
  private volatile Duration ahead = Duration.ZERO;

  /**
   * @param clock the node's clock
   */
  public SharedTime(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * @param offset the time by which the database's clock is ahead of the node's clock; negative if
   *     the database's clock is behind
   */
  public void learn(Duration offset) {
    Duration size = offset.abs();
    boolean followed = size.compareTo(LEAST) >= 0 && size.compareTo(MOST) <= 0;
    ahead = followed ? offset : Duration.ZERO;
  }

  public Instant instant() {
    return clock.instant().plus(ahead);
  }
}
