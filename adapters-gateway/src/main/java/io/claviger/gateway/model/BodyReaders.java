package io.claviger.gateway.model;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.GuardedTask;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Reads held bodies for their model, away from the event loops: a large one takes longer than other
 * calls should wait. Half of the processors do so at most. Bodies take turns, so that a small one
 * does not wait for a large one to end.
 */
public final class BodyReaders implements AutoCloseable {
  private static final int MOST_WAITING = 4_096;
  private static final int IDLE_SECONDS = 30;

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

  /**
   * Reads a body that is whole.
   *
   * @param then told on the event loop why the call is refused, or nothing when the body asks for
   *     allowed models alone; at once where the body is small
   */
  public void read(BufferedBody body, EventLoop loop, Consumer<Optional<CallError>> then) {
    if (body.isSmall()) {
      then.accept(outcome(body));
      return;
    }
    body.beginReading();
    Reading reading = new Reading(body, loop, then);
    try {
      threads.execute(reading.turn());
    } catch (RejectedExecutionException full) {
      body.endReading();
      then.accept(Optional.of(CallError.BUSY));
    }
  }

  private static Optional<CallError> outcome(BufferedBody body) {
    try {
      while (!body.readOn()) {
        // The next part of it.
      }
      return Optional.empty();
    } catch (CallRefused e) {
      return Optional.of(e.error());
    }
  }

  private final class Reading {
    private final BufferedBody body;
    private final EventLoop loop;
    private final Consumer<Optional<CallError>> then;

    Reading(BufferedBody body, EventLoop loop, Consumer<Optional<CallError>> then) {
      this.body = body;
      this.loop = loop;
      this.then = then;
    }

    Runnable turn() {
      return GuardedTask.of(this::readOn, failure -> end(Optional.of(CallError.INTERNAL)));
    }

    private void readOn() {
      boolean over;
      try {
        over = body.readOn();
      } catch (CallRefused e) {
        end(Optional.of(e.error()));
        return;
      }
      if (over) {
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
        loop.execute(() -> then.accept(why));
      } catch (RejectedExecutionException stopped) {
        // The connection ends with its event loop.
      }
    }
  }

  @Override
  public void close() {
    threads.shutdown(); // what waits is abandoned with its call, and frees its memory
  }
}
