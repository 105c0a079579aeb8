package io.claviger.domain.fairness;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an answer of the provider states about one limit.
 *
 * @param limit the kind of the limit
 * @param window the window of the limit, such as a minute or a day
 * @param most the amount that the window allows, 1 or more; empty if the answer does not state it
 * @param left the remaining amount, 0 or more; empty if the answer does not state it
 * @param resetsIn the time from the answer until the limit is completely free again; empty if the
 *     answer does not state it
 */
public record LimitStatement(
    PaceLimit limit,
    Duration window,
    OptionalLong most,
    OptionalLong left,
    Optional<Duration> resetsIn) {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /**
   * Returns the limit per minute; empty if the statement is about another window. Longer windows,
   * such as a day, are not converted to minutes, because that would delay calls that the provider
   * allows. Limits for longer windows have an effect only when they are used up.
   */
  public OptionalLong perMinute() {
    return isPerMinute() && most.isPresent() && most.getAsLong() >= 1
        ? OptionalLong.of(Math.min(most.getAsLong(), PaceLimits.MOST))
        : OptionalLong.empty();
  }

  /**
   * Returns this statement as it would be some time after the answer. The remaining amount is
   * assumed to have grown evenly since then.
   *
   * @param perMinute the amount that the limit allows in a minute
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
