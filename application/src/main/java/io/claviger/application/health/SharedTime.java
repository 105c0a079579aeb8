package io.claviger.application.health;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

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
   * clock might be the one that is wrong. From then on, the difference is ignored until it is
   * smaller than this by a margin.
   */
  public static final Duration MOST = Duration.ofHours(1);

  /**
   * From this difference on, the operator is told. Sign-ins fail at a somewhat larger difference,
   * because the node checks times of ID tokens by its own clock.
   */
  public static final Duration TOLD = Duration.ofSeconds(30);

  /**
   * After the clocks were farther apart than a limit, their difference has to be smaller than this
   * limit by the margin before they count as closer again. Otherwise, a difference that varies
   * around the limit would be reported each time when the clocks are compared.
   */
  private static final Duration MARGIN = Duration.ofSeconds(10);

  private final InstantSource clock;
  private volatile Duration ahead = Duration.ZERO;
  private Apart apart = Apart.HARDLY;

  /**
   * What the operator has to know about the clocks.
   *
   * @param isWarning false if the operator has nothing to do
   */
  public record Notice(String text, boolean isWarning) {}

  /**
   * @param clock the node's clock
   */
  public SharedTime(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * @param offset the time by which the database's clock is ahead of the node's clock; negative if
   *     the database's clock is behind
   * @return what the operator has to know now and was not told before
   */
  public synchronized Optional<Notice> learn(Duration offset) {
    Duration size = offset.abs();
    Apart before = apart;
    apart = before.then(size);
    boolean followed = size.compareTo(LEAST) >= 0 && apart != Apart.TOO_MUCH;
    ahead = followed ? offset : Duration.ZERO;
    return apart == before ? Optional.empty() : Optional.of(notice(offset));
  }

  private Notice notice(Duration offset) {
    if (apart == Apart.HARDLY) {
      return new Notice(
          "the clocks of this node and of the database differ by at most %d seconds again"
              .formatted(TOLD.toSeconds()),
          false);
    }
    String direction = offset.isNegative() ? "behind" : "ahead of";
    return new Notice(
        ("the database's clock is %d seconds %s this node's; %s: let both machines follow a time"
                + " server")
            .formatted(offset.abs().toSeconds(), direction, apart.effect),
        true);
  }

  public Instant instant() {
    return clock.instant().plus(ahead);
  }

  private enum Apart {
    HARDLY(""),
    MUCH(
        "the node follows the database's clock when it decides what has expired, but uses its own"
            + " clock for certificates, ID tokens and the times in the audit trail"),
    TOO_MUCH(
        "the node decides by its own clock what has expired, because it can't know which clock is"
            + " wrong");

    private final String effect;

    Apart(String effect) {
      this.effect = effect;
    }

    /**
     * Returns how far the clocks are apart now, if they were as far apart as this before. The
     * margin counts only at the limit below which this begins.
     */
    private Apart then(Duration size) {
      Apart now = of(size);
      return now.compareTo(this) < 0 && of(size.plus(MARGIN)) == this ? this : now;
    }

    private static Apart of(Duration size) {
      if (size.compareTo(MOST) > 0) {
        return TOO_MUCH;
      }
      return size.compareTo(TOLD) > 0 ? MUCH : HARDLY;
    }
  }
}
