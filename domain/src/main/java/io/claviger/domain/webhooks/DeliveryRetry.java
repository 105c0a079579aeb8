package io.claviger.domain.webhooks;

import java.time.Duration;

/**
 * Decides when a message is tried again after a failure. The first pause is 15 seconds, and each
 * further pause is four times as long, up to an hour, until the message is a day old.
 */
public final class DeliveryRetry {
  /** For how long after its creation the delivery of a message is tried again. */
  public static final Duration LONGEST = Duration.ofDays(1);

  private static final long FIRST_SECONDS = 15;
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  private DeliveryRetry() {}

  /**
   * The pause after a failure.
   *
   * @param failures how many attempts in a row have failed, at least 1
   */
  public static Duration after(int failures) {
    // The pause after six failures is already longer than the longest pause. More failures must not
    // cause an overflow.
    long pause = FIRST_SECONDS << (2 * (Math.clamp(failures, 1, 6) - 1));
    return pause > LONGEST_PAUSE.toSeconds() ? LONGEST_PAUSE : Duration.ofSeconds(pause);
  }
}
