package io.claviger.domain.fairness;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a provider's answer states about one limit.
 *
 * @param limit the kind of the limit
 * @param window the window of the limit, such as a minute or a day
 * @param most how much is allowed in the window, 1 or more; empty if the answer does not say
 * @param left the remaining amount of the limit, 0 or more; empty if the answer does not state it
 * @param resetsIn the time from the answer until the whole limit is free again; empty if the answer
 *     does not state it
 */
public record LimitStatement(
    PaceLimit limit,
    Duration window,
    OptionalLong most,
    OptionalLong left,
    Optional<Duration> resetsIn) {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /**
   * The limit per minute that this statement contains; empty if it contains no limit per minute.
   * Limits for longer windows, such as a day, are not divided into minutes, because such a division
   * would delay calls that the provider allows. Such limits matter only when nothing of them
   * remains.
   */
  public OptionalLong perMinute() {
    return isPerMinute() && most.isPresent() && most.getAsLong() >= 1
        ? OptionalLong.of(Math.min(most.getAsLong(), PaceLimits.MOST))
        : OptionalLong.empty();
  }

  /**
   * Returns this statement as it is some time after the answer. It is assumed that the remaining
   * amount has grown evenly since that time.
   *
   * @param perMinute how much the limit allows in a minute
   */
  LimitStatement after(long millis, long perMinute) {
    if (!isPerMinute() || left.isEmpty()) {
      return this;
    }
    long refilled = (long) (Math.clamp(millis, 0, 60_000) / 60_000.0 * perMinute);
    long grown = Math.clamp(left.getAsLong(), 0, PaceLimits.MOST) + refilled;
    return new LimitStatement(
        limit, window, most, OptionalLong.of(Math.min(grown, PaceLimits.MOST)), resetsIn);
  }

  boolean isPerMinute() {
    return window.equals(MINUTE);
  }
}
