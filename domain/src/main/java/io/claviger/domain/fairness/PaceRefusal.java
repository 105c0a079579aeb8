package io.claviger.domain.fairness;

import java.time.Duration;
import java.util.Optional;

/**
 * A provider's refusal of a call because of the account's pace. The same call can succeed later.
 *
 * @param limit the limit that is used up; empty if the provider is overloaded, or did not state
 *     which limit is used up
 * @param pause the time for which the limit stays used up, at most {@link #MOST_PAUSE}
 */
public record PaceRefusal(Optional<PaceLimit> limit, Duration pause) {
  /**
   * The longest time for which a limit is treated as used up because a provider's answer said so.
   */
  public static final Duration MOST_PAUSE = Duration.ofSeconds(60);

  public PaceRefusal {
    if (pause.isNegative() || pause.compareTo(MOST_PAUSE) > 0) {
      throw new IllegalArgumentException("a pause must be at most " + MOST_PAUSE);
    }
  }
}
