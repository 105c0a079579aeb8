package io.claviger.gateway.wire;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Notices if the other side of a connection has to act but does nothing for too long. The same
 * timer serves many calls, one after the other. The timer is restarted only when it fires or when a
 * call requests a shorter time. Only used on one event loop.
 */
public final class SilenceWatch {
  private final EventExecutor loop;
  private final BooleanSupplier itsTurn;
  private final Runnable onSilence;
  private final Consumer<Throwable> onFailure;

  private long timeout;
  private long last;
  private boolean watching;
  private long alarm = Long.MAX_VALUE;
  private @Nullable Future<?> timer;

  /**
   * @param itsTurn whether the other side currently has to act
   * @param onFailure an action that is called if one of the other functions has thrown an
   *     exception. The action receives the exception, and the watch ends
   */
  public SilenceWatch(
      EventExecutor loop,
      BooleanSupplier itsTurn,
      Runnable onSilence,
      Consumer<Throwable> onFailure) {
    this.loop = loop;
    this.itsTurn = itsTurn;
    this.onSilence = onSilence;
    this.onFailure = onFailure;
  }

  public void begin(long timeoutMillis) {
    timeout = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    last = System.nanoTime();
    watching = true;
    if (alarm == Long.MAX_VALUE || alarm - (last + timeout) > 0) {
      set(last + timeout);
    }
  }

  /**
   * Restarts the time limit, because the other side has just acted, or because its turn to act has
   * just begun.
   */
  public void touch() {
    last = System.nanoTime();
  }

  public void end() {
    watching = false;
  }

  /** Ends the watch forever. A running timer would keep a closed connection in memory. */
  public void close() {
    watching = false;
    cancelTimer();
  }

  private void set(long time) {
    cancelTimer();
    alarm = time;
    timer =
        loop.schedule(
            GuardedTask.of(this::goOff, onFailure),
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
