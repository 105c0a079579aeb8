package io.claviger.gateway.model;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.wire.GuardedTask;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Reads buffered bodies and messages of WebSockets on threads other than the event loops, because
 * other calls would have to wait too long if an event loop read a large body. The reading threads
 * use at most half of the processors. Bodies are read in turns, so that a small body does not have
 * to wait until a large one has been read completely.
 */
public final class BodyReaders implements AutoCloseable {
  private static final int MOST_WAITING = 4_096;
  private static final int IDLE_SECONDS = 30;

  /**
   * Bodies of up to this many bytes are read on the event loop. Reading a body of this size takes
   * tens of microseconds, and half a millisecond at worst. To hand such a body to another thread
   * would take as much time as reading it.
   */
  private static final int SMALL = 16 << 10;

  private final ThreadPoolExecutor threads;

  private BodyReaders(ThreadPoolExecutor threads) {
    this.threads = threads;
  }

  public static BodyReaders start() {
    int most = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            most,
            most,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            new DefaultThreadFactory("gateway-body", true));
    threads.allowCoreThreadTimeOut(true);
    return new BodyReaders(threads);
  }

  /** A body or message that has arrived completely and is read in parts. */
  public interface Reading {
    /** Returns the size of the body or message, in bytes. */
    long bytes();

    /**
     * Reads the next part. Only one thread at a time calls this method.
     *
     * @return whether the part that was read was the last one
     * @throws CallRefused if the call is refused because of what the body or message contains
     */
    boolean readOn();

    /**
     * Called before a thread reads this body or message. The thread calls {@link #endReading} when
     * it has finished.
     */
    default void beginReading() {}

    default void endReading() {}
  }

  /** Whether the body is so small that it is read before {@link #read} returns. */
  public static boolean isReadAtOnce(Reading body) {
    return body.bytes() <= SMALL;
  }

  /**
   * Reads a body or a message that has arrived completely.
   *
   * @param then receives the body, or the error with which the call is refused. For a small body,
   *     {@code then} is called before this method returns
   */
  public <T extends Reading> void read(T body, EventLoop loop, Continuation<? super T> then) {
    if (isReadAtOnce(body)) {
      GuardedTask.of(() -> tell(then, body, outcome(body)), then::failed).run();
      return;
    }
    body.beginReading();
    BodyReading<T> reading = new BodyReading<>(body, loop, then);
    try {
      threads.execute(reading.turn());
    } catch (RejectedExecutionException full) {
      body.endReading();
      then.refused(CallError.BUSY);
    } catch (Throwable e) {
      body.endReading(); // no thread can be started, for example
      throw e;
    }
  }

  private static Optional<CallError> outcome(Reading body) {
    try {
      while (!body.readOn()) {
        // Reads the next part of the body.
      }
      return Optional.empty();
    } catch (CallRefused e) {
      return Optional.of(e.error());
    }
  }

  private static <T> void tell(Continuation<? super T> then, T body, Optional<CallError> why) {
    why.ifPresentOrElse(then::refused, () -> then.done(body));
  }

  private final class BodyReading<T extends Reading> {
    private final T body;
    private final EventLoop loop;
    private final Continuation<? super T> then;

    BodyReading(T body, EventLoop loop, Continuation<? super T> then) {
      this.body = body;
      this.loop = loop;
      this.then = then;
    }

    Runnable turn() {
      return GuardedTask.of(this::readOn, failure -> end(Optional.of(CallError.INTERNAL)));
    }

    private void readOn() {
      boolean complete;
      try {
        complete = body.readOn();
      } catch (CallRefused e) {
        end(Optional.of(e.error()));
        return;
      }
      if (complete) {
        end(Optional.empty());
      } else {
        waitForNextTurn();
      }
    }

    private void waitForNextTurn() {
      try {
        threads.execute(turn());
      } catch (RejectedExecutionException full) {
        end(Optional.of(CallError.BUSY));
      }
    }

    private void end(Optional<CallError> why) {
      body.endReading();
      try {
        loop.execute(GuardedTask.of(() -> tell(then, body, why), then::failed));
      } catch (RejectedExecutionException stopped) {
        // The connection ends with its event loop.
      }
    }
  }

  /**
   * Stops reading. Some bodies may still be waiting to be read at this time; their memory is freed
   * when their calls end.
   */
  @Override
  public void close() {
    threads.shutdown();
  }
}
