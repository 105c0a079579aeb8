package io.claviger.application.shared;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A time during which something is not tried again.
 *
 * @param until the end of the pause, at least {@code length} after {@link Instant#MIN}
 */
public record Pause(Duration length, Instant until) {
  /** The length of the longest pause after failed requests to a service's provider. */
  public static final Duration LONGEST = Duration.ofHours(1);

  private static final Duration FIRST = Duration.ofMinutes(1);

  /**
   * Returns a pause that begins now, after failed requests to a service's provider. The first pause
   * lasts a minute. Each further pause is twice as long, up to {@link #LONGEST}.
   *
   * @param last the service's last pause; null if the service had no pause since its last success
   */
  public static Pause after(@Nullable Pause last, Instant now) {
    Duration twice = last == null ? FIRST : last.length().multipliedBy(2);
    Duration length = twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
    return new Pause(length, now.plus(length));
  }

  public boolean lasts(Instant now) {
    return Elapsed.isWithin(length, until.minus(length), now);
  }
}
