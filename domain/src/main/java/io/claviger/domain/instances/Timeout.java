package io.claviger.domain.instances;

import io.claviger.domain.InvalidValue;
import java.time.Duration;

/**
 * The longest time that a provider may be silent before a call fails: 1 to 600,000 milliseconds.
 */
public record Timeout(int millis) {
  public static final Timeout DEFAULT = new Timeout(600_000);

  public Timeout {
    if (millis < 1 || millis > 600_000) {
      throw new InvalidValue("timeout_ms", "1 to 600,000 milliseconds");
    }
  }

  public Duration duration() {
    return Duration.ofMillis(millis);
  }
}
