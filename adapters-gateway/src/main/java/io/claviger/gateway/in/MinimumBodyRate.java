package io.claviger.gateway.in;

import java.time.Duration;

/**
 * Judges whether a body that streams comes too slowly to go on waiting for it. Time in which it was
 * not the caller's turn is left out by beginning anew.
 */
public final class MinimumBodyRate {
  private final long window;
  private final long least;
  private long began;
  private long bytesBefore;

  /**
   * @param least bytes that have to come within each window
   */
  public MinimumBodyRate(Duration window, long least) {
    this.window = window.toNanos();
    this.least = least;
  }

  /**
   * A window begins.
   *
   * @param now in nanoseconds
   * @param bytes that have come so far
   */
  public void begin(long now, long bytes) {
    began = now;
    bytesBefore = bytes;
  }

  /** Whether too little came in a window that is over. A window with enough begins another. */
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
