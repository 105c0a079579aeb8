package io.claviger.gateway.relay;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures how long a conversation has been open, and how long it has been silent. Only used on the
 * event loop of the call.
 */
final class SocketClock {
  private static final long LONGEST_IDLE_NANOS = TimeUnit.MINUTES.toNanos(15);
  private static final long LONGEST_WITHOUT_MODEL_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long LOOK_MILLIS = 30_000;
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
  private static final int MOST_REFUSED = 20;

  private final EventLoop loop;
  private final LongSupplier nanos;
  private long lastMessage;
  private long opened;

  /**
   * The last time at which the provider was working on a response, or had no response to work on.
   */
  private long lastAnswer;

  /** When the first refused message of the current minute arrived. */
  private long firstRefused;

  private int refused;
  private @Nullable Future<?> deadline;
  private @Nullable Future<?> looking;

  SocketClock(EventLoop loop) {
    this(loop, System::nanoTime);
  }

  /**
   * @param nanos a function that returns the time like {@link System#nanoTime}
   */
  SocketClock(EventLoop loop, LongSupplier nanos) {
    this.loop = loop;
    this.nanos = nanos;
    this.lastMessage = nanos.getAsLong();
    this.opened = lastMessage;
    this.lastAnswer = lastMessage;
  }

  /** Called directly before the caller's handshake is answered. */
  void opened() {
    opened = nanos.getAsLong();
  }

  /** The time for which the caller's WebSocket has been open. */
  Duration age() {
    return Duration.ofNanos(nanos.getAsLong() - opened);
  }

  void messageCame() {
    lastMessage = nanos.getAsLong();
  }

  /** Called when the provider has just worked on a response, or while it works on none. */
  void providerIsFree() {
    lastAnswer = nanos.getAsLong();
  }

  /** Whether the WebSocket has been open too long without a message that names a model. */
  boolean isLateToNameModel() {
    return nanos.getAsLong() - opened > LONGEST_WITHOUT_MODEL_NANOS;
  }

  /**
   * Counts a refused message. Returns whether too many messages have been refused within a minute.
   */
  boolean isRefusedTooOften() {
    long now = nanos.getAsLong();
    if (refused == 0 || now - firstRefused > MINUTE) {
      firstRefused = now;
      refused = 0;
    }
    refused++;
    return refused >= MOST_REFUSED;
  }

  boolean isIdle() {
    return nanos.getAsLong() - lastMessage > LONGEST_IDLE_NANOS;
  }

  boolean isProviderSilent(long longestMillis) {
    return nanos.getAsLong() - lastAnswer > TimeUnit.MILLISECONDS.toNanos(longestMillis);
  }

  /**
   * Runs the task at regular intervals from now on.
   *
   * @param often the longest time between two runs, in milliseconds
   */
  void look(Runnable task, long often) {
    if (looking != null) {
      looking.cancel(false);
    }
    long each = Math.min(LOOK_MILLIS, often);
    looking = loop.scheduleWithFixedDelay(task, each, each, TimeUnit.MILLISECONDS);
  }

  void endAfter(long minutes, Runnable end) {
    deadline = loop.schedule(end, minutes, TimeUnit.MINUTES);
  }

  void stop() {
    if (deadline != null) {
      deadline.cancel(false);
    }
    if (looking != null) {
      looking.cancel(false);
    }
  }
}
