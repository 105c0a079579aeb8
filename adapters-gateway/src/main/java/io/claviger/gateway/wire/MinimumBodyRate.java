package io.claviger.gateway.wire;

import java.time.Duration;

/**
 * Tells whether a streamed body arrives too slowly. If the sender of the body had to pause for a
 * while, {@link #begin} must be called when the sender can continue.
 */
public final class MinimumBodyRate {
  private final long window;
  private final long least;
  private long began;
  private long bytesBefore;

  /**
   * @param least the number of bytes that have to arrive in each time window
   */
  public MinimumBodyRate(Duration window, long least) {
    this.window = window.toNanos();
    this.least = least;
  }

  /**
   * Begins a window.
   *
   * @param now the current time in nanoseconds
   * @param bytes the number of bytes that have arrived so far
   */
  public void begin(long now, long bytes) {
    began = now;
    bytesBefore = bytes;
  }

  /**
   * Whether a time window has ended in which too few bytes arrived. If enough bytes arrived, the
   * next time window begins.
   */
  public boolean isTooSlow(long now, long bytes) {
    if (now - began < window) {
      return false;
    }
    if (bytes - bytesBefore < least) {
      return true;
    }
    begin(now, bytes);
    return false;
  }
}
