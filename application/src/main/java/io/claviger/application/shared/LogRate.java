package io.claviger.application.shared;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Limits the rate of log lines that callers can cause, because anybody could fill the log
 * otherwise. Several threads can use an object of this class at the same time.
 */
public final class LogRate {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final LongSupplier nanos;
  private final long pause;
  private final AtomicLong next;

  /** Allows one log line per second. */
  public LogRate() {
    this(SECOND);
  }

  /**
   * @param pause the minimum time between two log lines
   */
  public LogRate(Duration pause) {
    this(System::nanoTime, pause);
  }

  /**
   * @param nanos a clock such as {@link System#nanoTime}
   */
  LogRate(LongSupplier nanos, Duration pause) {
    this.nanos = nanos;
    this.pause = pause.toNanos();
    this.next = new AtomicLong(nanos.getAsLong());
  }

  /**
   * Whether to log a line now. Returns true only if the minimum time since the last line has
   * passed.
   */
  public boolean allows() {
    long now = nanos.getAsLong();
    long earliest = next.get();
    return now - earliest >= 0 && next.compareAndSet(earliest, now + pause);
  }
}
