package io.claviger.domain.fairness;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a provider's answer says of one of its limits.
 *
 * @param limit what is limited
 * @param window the time in which so much is allowed, such as a minute or a day
 * @param most how much is allowed in that time, 1 or more; empty if the answer does not say it
 * @param left how much of it is left, 0 or more; empty if the answer does not say it
 * @param resetsIn when all of it is free again, seen from the answer; empty if it does not say it
 */
public record LimitStatement(
    PaceLimit limit,
    Duration window,
    OptionalLong most,
    OptionalLong left,
    Optional<Duration> resetsIn) {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /**
   * The limit by the minute that is learned from this statement. Those for other times, such as a
   * day, would hold calls back that the provider allows, if they were divided into minutes; they
   * count only when nothing is left.
   */
  public OptionalLong perMinute() {
    return isPerMinute() && most.isPresent() && most.getAsLong() >= 1
        ? OptionalLong.of(Math.min(most.getAsLong(), PaceLimits.MOST))
        : OptionalLong.empty();
  }

  /**
   * The same some time after the answer: what is left has grown evenly by then.
   *
   * @param perMinute what the limit allows
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
