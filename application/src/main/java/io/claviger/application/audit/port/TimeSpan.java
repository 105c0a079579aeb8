package io.claviger.application.audit.port;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.TimeBounds;
import java.time.Instant;
import java.util.Optional;

/**
 * A span of time. A span without a beginning includes all earlier times. A span without an end
 * includes all later times. Consecutive spans have no event in common.
 *
 * @param since the first instant in the span; empty if the span has no beginning
 * @param until the first instant after the span; empty if the span has no end
 */
public record TimeSpan(Optional<Instant> since, Optional<Instant> until) {
  public static final TimeSpan ALWAYS = new TimeSpan(Optional.empty(), Optional.empty());

  /**
   * @throws InvalidValue when the span ends before it begins, or when one of its times is outside
   *     {@link TimeBounds}
   */
  public TimeSpan {
    demandWithin("since", since);
    demandWithin("until", until);
    if (since.isPresent() && until.filter(since.get()::isAfter).isPresent()) {
      throw new InvalidValue("until", "a time that is not before since");
    }
  }

  private static void demandWithin(String field, Optional<Instant> at) {
    if (!at.map(TimeBounds::contain).orElse(true)) {
      throw new InvalidValue(field, TimeBounds.ALLOWED);
    }
  }

  public boolean contains(Instant at) {
    return since.filter(at::isBefore).isEmpty() && until.filter(end -> !at.isBefore(end)).isEmpty();
  }
}
