package io.claviger.application.audit.port;

import io.claviger.domain.InvalidValue;
import java.time.Instant;
import java.util.Optional;

/**
 * A span of time; without a beginning or an end, it is unbounded on that side. Consecutive spans
 * share no event.
 *
 * @param since the first instant in it
 * @param until the first instant after it
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
