package io.claviger.gateway.wire;

import java.time.Duration;

/**
 * How long callers may take to send the body of a request. Pauses between the parts of a body have
 * a separate limit.
 *
 * @param held the time in which the whole of a buffered body has to arrive
 * @param window the time in which at least some bytes of a streamed body have to arrive
 * @param least how many bytes have to arrive in each time window of a streamed body
 */
public record BodyTimeouts(Duration held, Duration window, long least) {
  /**
   * The usual limits: a minute for a buffered body, and at least 1 KiB a second on average in each
   * minute for streamed bodies.
   */
  public static final BodyTimeouts USUAL =
      new BodyTimeouts(Duration.ofSeconds(60), Duration.ofSeconds(60), 60 << 10);
}
