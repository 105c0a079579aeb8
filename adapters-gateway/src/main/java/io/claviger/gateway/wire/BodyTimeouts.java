package io.claviger.gateway.wire;

import java.time.Duration;

/**
 * How long callers may take to send the body of a request. Pauses between the parts of a body have
 * another limit.
 *
 * @param held the time limit for the arrival of a whole buffered body
 * @param window the length of a time window for streamed bodies
 * @param least the number of bytes of a streamed body that have to arrive in each time window
 */
public record BodyTimeouts(Duration held, Duration window, long least) {
  /**
   * The default limits: a minute for a buffered body, and an average of at least 1 KiB per second
   * in each minute for a streamed body.
   */
  public static final BodyTimeouts USUAL =
      new BodyTimeouts(Duration.ofSeconds(60), Duration.ofSeconds(60), 60 << 10);
}
