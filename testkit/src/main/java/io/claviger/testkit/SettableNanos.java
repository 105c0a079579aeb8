package io.claviger.testkit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A clock of nanoseconds whose time changes only when it is set. */
public final class SettableNanos implements LongSupplier {
  private final AtomicLong now;

  /**
   * @param now any number, because a nanosecond clock can begin at any number and can overflow
   */
  public SettableNanos(long now) {
    this.now = new AtomicLong(now);
  }

  @Override
  public long getAsLong() {
    return now.get();
  }

  public void set(long nanos) {
    now.set(nanos);
  }

  public void advance(Duration step) {
    long unused = now.addAndGet(step.toNanos());
  }
}
