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
   * A difference between the clocks that is smaller than this is ignored, because the query for the
   * database's time itself takes time.
   */
  private static final Duration LEAST = Duration.ofSeconds(1);

  /**
   * A difference between the clocks that is larger than this is ignored, because the database's
   * clock might be the one that is wrong.
   */
  public static final Duration MOST = Duration.ofHours(1);

  private final InstantSource clock;
  private volatile Duration ahead = Duration.ZERO;
  private volatile boolean ownClock;

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
    ownClock = size.compareTo(MOST) > 0;
  }

  /** Whether the clocks differ so much that the node does not follow the database's clock. */
  public boolean isOfOwnClock() {
    return ownClock;
  }

  public Instant instant() {
    return clock.instant().plus(ahead);
  }
}
