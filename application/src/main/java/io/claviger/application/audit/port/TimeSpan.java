package io.claviger.application.audit.port;

import io.claviger.domain.InvalidValue;
import java.time.Instant;
import java.util.Optional;

/**
 * A span of time. If it has no beginning, it includes all earlier times; if it has no end, it
 * includes all later times. Consecutive spans share no event.
 *
 * @param since the first instant in the span; empty if the span has no beginning
 * @param until the first instant after the span; empty if the span has no end
 */
public record TimeSpan(Optional<Instant> since, Optional<Instant> until) {
  public static final TimeSpan ALWAYS = new TimeSpan(Optional.empty(), Optional.empty());

  /**
   * @throws InvalidValue when the span ends before it begins
   */
  public TimeSpan {
    if (since.isPresent() && until.filter(since.get()::isAfter).isPresent()) {
      throw new InvalidValue("until", "a time that is not before since");
    }
  }

  public boolean contains(Instant at) {
    return since.filter(at::isBefore).isEmpty() && until.filter(end -> !at.isBefore(end)).isEmpty();
  }
}
