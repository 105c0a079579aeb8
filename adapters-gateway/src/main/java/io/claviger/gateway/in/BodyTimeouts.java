package io.claviger.gateway.in;

import java.time.Duration;

/**
 * How long callers may take to send a body, beside the bound on a single silence.
 *
 * @param held for the whole of a body that is held
 * @param window in which a body that streams has to make progress
 * @param least bytes of that progress
 */
public record BodyTimeouts(Duration held, Duration window, long least) {
  /** A minute for a held body, and 1 KiB a second on average over each minute for others. */
  public static final BodyTimeouts USUAL =
      new BodyTimeouts(Duration.ofSeconds(60), Duration.ofSeconds(60), 60 << 10);
}
