package io.claviger.domain.webhooks;

import java.time.Duration;

/**
 * Decides when a failed delivery of a message is retried. The first pause is 15 seconds. Each
 * further pause is four times as long, up to an hour. A message that is a day old is not retried.
 */
public final class DeliveryRetry {
  /** The time after the creation of a message within which its delivery is retried. */
  public static final Duration LONGEST = Duration.ofDays(1);

  private static final long FIRST_SECONDS = 15;
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  /**
   * The longest time from now until a planned attempt. If an attempt is planned for a later time,
   * it was planned while the database's clock was ahead.
   */
  public static final Duration LATEST = LONGEST_PAUSE.multipliedBy(2);

  private DeliveryRetry() {}

  /**
   * Returns the pause after a failure.
   *
   * @param failures the number of attempts in a row that have failed, at least 1
   */
  public static Duration after(int failures) {
    // The pause after six failures is already longer than the longest pause. More failures must not
    // cause an overflow.
    long pause = FIRST_SECONDS << (2 * (Math.clamp(failures, 1, 6) - 1));
    return pause > LONGEST_PAUSE.toSeconds() ? LONGEST_PAUSE : Duration.ofSeconds(pause);
  }
}
