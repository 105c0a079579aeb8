package io.claviger.domain.fairness;

import io.claviger.domain.InvalidValue;
import java.time.Duration;

/** The longest time that a service's calls wait for their turn: 0 to 120,000 milliseconds. */
public record MaxWait(int millis) {
  /** Calls don't wait. */
  public static final MaxWait NONE = new MaxWait(0);

  /** The longest time that calls of a new service wait. */
  public static final MaxWait USUAL = new MaxWait((int) CapacityTerms.USUAL_WAIT.toMillis());

  public MaxWait {
    if (millis < 0 || millis > CapacityTerms.MOST_WAIT.toMillis()) {
      throw new InvalidValue("max_wait_ms", "0 to 120,000 milliseconds");
    }
  }

  public Duration duration() {
    return Duration.ofMillis(millis);
  }
}
