package io.claviger.application.shared;

import java.time.Duration;
import java.time.Instant;

/** Compares times of a clock that can be set back. */
public final class Elapsed {
  private Elapsed() {}

  /**
   * Whether a period that began at a certain time still lasts. A period also ends if the clock is
   * set back to before its beginning, so that it does not last longer than its length.
   */
  public static boolean isWithin(Duration length, Instant began, Instant now) {
    return !now.isBefore(began) && now.isBefore(began.plus(length));
  }
}
