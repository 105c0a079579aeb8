package io.claviger.gateway.wire;

import io.claviger.gateway.errors.GuardedTask;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Notices when the other side has been silent for too long while it was its turn. One timer serves
 * many calls: it is set anew only when it goes off, or for a shorter time than it was set for.
 * Confined to one event loop.
 */
public final class SilenceWatch {
  private final EventExecutor loop;
  private final BooleanSupplier itsTurn;
  private final Runnable onSilence;

  private long timeout;
  private long last;
  private boolean watching;
  private long alarm = Long.MAX_VALUE;
  private @Nullable Future<?> timer;

  /**
   * @param itsTurn whether the other side is the one who has to do something
   */
  public SilenceWatch(EventExecutor loop, BooleanSupplier itsTurn, Runnable onSilence) {
    this.loop = loop;
    this.itsTurn = itsTurn;
    this.onSilence = onSilence;
  }

  public void begin(long timeoutMillis) {
    timeout = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    last = System.nanoTime();
    watching = true;
    if (alarm == Long.MAX_VALUE || alarm - (last + timeout) > 0) {
      set(last + timeout);
    }
  }

  /** The other side did something, or only now has its turn. */
  public void touch() {
    last = System.nanoTime();
  }

  public void end() {
    watching = false;
  }

  /** Ends it for good. A timer that were left would hold a closed connection until it goes off. */
  public void close() {
    watching = false;
    cancelTimer();
  }

  private void set(long time) {
    cancelTimer();
    alarm = time;
    timer =
        loop.schedule(
            GuardedTask.logged(this::goOff),
            Math.max(0, time - System.nanoTime()),
            TimeUnit.NANOSECONDS);
  }

  private void cancelTimer() {
    Future<?> pending = timer;
    if (pending != null) {
      timer = null;
      alarm = Long.MAX_VALUE;
      pending.cancel(false);
    }
  }

  private void goOff() {
    timer = null;
    alarm = Long.MAX_VALUE;
    if (!watching) {
      return;
    }
    if (!itsTurn.getAsBoolean()) {
      touch();
    }
    if (System.nanoTime() - last >= timeout) {
      watching = false;
      onSilence.run();
    } else {
      set(last + timeout);
    }
  }
}
