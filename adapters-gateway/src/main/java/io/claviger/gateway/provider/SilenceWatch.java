package io.claviger.gateway.provider;

import io.claviger.gateway.errors.GuardedTask;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Notices when the other side has been silent for too long while it was its turn. One timer serves
 * many calls: it is set anew only when it goes off, or for a shorter time than it was set for.
 * Confined to one event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the alarm tells, its future nothing more
public final class SilenceWatch {
  private final EventExecutor loop;
  private final BooleanSupplier itsTurn;
  private final Runnable onSilence;

  private long timeout;
  private long last;
  private boolean watching;
  private long alarm = Long.MAX_VALUE;
  private long generation;

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

  private void set(long time) {
    alarm = time;
    long mine = ++generation;
    loop.schedule(
        GuardedTask.logged(() -> goOff(mine)),
        Math.max(0, time - System.nanoTime()),
        TimeUnit.NANOSECONDS);
  }

  private void goOff(long mine) {
    if (mine != generation) {
      return;
    }
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
