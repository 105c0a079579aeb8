package io.claviger.application.shared;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Limits the rate of log lines that callers can cause, because anybody could fill the log
 * otherwise. Several threads can use an object of this class at the same time.
 */
public final class LogRate {
  private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier nanos;
  private final AtomicLong next;

  public LogRate() {
    this(System::nanoTime);
  }

  /**
   * @param nanos a clock such as {@link System#nanoTime}
   */
  LogRate(LongSupplier nanos) {
    this.nanos = nanos;
    this.next = new AtomicLong(nanos.getAsLong());
  }

  /** Whether a line may be logged now. Returns true at most once per second. */
  public boolean allows() {
    long now = nanos.getAsLong();
    long earliest = next.get();
    return now - earliest >= 0 && next.compareAndSet(earliest, now + PAUSE);
  }
}
