package io.claviger.gateway.model;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.wire.GuardedTask;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads buffered bodies and messages of WebSockets on threads other than the event loops, because
 * reading a large body would make other calls wait too long. These threads use at most half of the
 * processors. Callers take turns, so that a caller with many bodies delays others no more than a
 * caller with one body. The bodies of one caller take turns too, so that a small body does not wait
 * for a large body.
 */
public final class BodyReaders implements AutoCloseable {
  private static final int MOST_WAITING = 4_096;
  private static final int IDLE_SECONDS = 30;

  /**
   * The largest size, in bytes, of a body that is read on the event loop. Reading a body of this
   * size takes tens of microseconds, and half a millisecond at worst. Handing such a body to
   * another thread would take as much time as reading the body.
   */
  private static final int SMALL = 16 << 10;

  private final ThreadPoolExecutor threads;
  private final WaitingTurns waiting = new WaitingTurns();

  private BodyReaders(ThreadPoolExecutor threads) {
    this.threads = threads;
  }

  public static BodyReaders start() {
    return start(
        Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
        new DefaultThreadFactory("gateway-body", true));
  }

  static BodyReaders start(int most, ThreadFactory factory) {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            most,
            most,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), // has at most as many tasks as there are waiting turns
            factory);
    threads.allowCoreThreadTimeOut(true);
    return new BodyReaders(threads);
  }

  /** A body or message that has arrived completely and is read in parts. */
  public interface Reading {
    /** Returns the size of the body or message, in bytes. */
    long bytes();

    /**
     * Returns the size, in bytes, of an ordinary body that takes as long to read. The content of a
     * body can make it take longer to read than other bodies of its size.
     */
    default long effort() {
      return bytes();
    }

    /**
     * Reads the next part. Only one thread at a time calls this method.
     *
     * @return whether the part that was read was the last one
     * @throws CallRefused if the call is refused because of what the body or message contains
     */
    boolean readOn();

    /**
     * Called before a thread begins to read. The thread calls {@link #endReading} when it has
     * finished reading.
     */
    default void beginReading() {}

    default void endReading() {}
  }

  /** Whether the body is so small that it is read before {@link #read} returns. */
  public static boolean isReadAtOnce(Reading body) {
    return body.effort() <= SMALL;
  }

  /**
   * Reads a body or a message after it has arrived completely.
   *
   * @param caller the id of the caller, whose bodies take turns with the bodies of other callers
   * @param then the continuation that receives the body, or the reason why the call is refused. If
   *     the body is small, the continuation is called before this method returns
   */
  public <T extends Reading> void read(
      T body, UUID caller, EventLoop loop, Continuation<? super T> then) {
    if (isReadAtOnce(body)) {
      GuardedTask.of(() -> tell(then, body, outcome(body)), then::failed).run();
      return;
    }
    body.beginReading();
    BodyReading<T> reading = new BodyReading<>(body, caller, loop, then);
    try {
      await(caller, reading.turn());
    } catch (RejectedExecutionException full) {
      body.endReading();
      then.refused(CallError.BUSY);
    } catch (Throwable e) {
      body.endReading(); // for example, no thread could be started
      throw e;
    }
  }

  /**
   * Queues a turn until a thread is free. In a turn, a thread reads the next part of one body.
   *
   * @throws RejectedExecutionException if too many turns are queued, or if the threads have been
   *     stopped
   */
  private void await(UUID caller, Runnable turn) {
    waiting.add(caller, turn);
    try {
      threads.execute(this::takeTurn);
    } catch (Throwable e) {
      if (waiting.remove(caller, turn)) {
        throw e;
      }
      takeTurn(); // another thread has already taken this turn, so this thread takes the next one
    }
  }

  private void takeTurn() {
    Runnable next = waiting.next();
    if (next != null) {
      next.run();
    }
  }

  /** The queued turns. */
  private static final class WaitingTurns {
    /** The queued turns of each caller. The caller whose turn is next comes first. */
    private final Map<UUID, Deque<Runnable>> byCaller = new LinkedHashMap<>();

    private int all;

    synchronized void add(UUID caller, Runnable turn) {
      if (all >= MOST_WAITING) {
        throw new RejectedExecutionException("too many bodies wait to be read");
      }
      all++;
      byCaller.computeIfAbsent(caller, unused -> new ArrayDeque<>(1)).add(turn);
    }

    /**
     * Removes the next turn. The turn's caller then moves behind all other waiting callers.
     *
     * @return null if no turn is waiting
     */
    synchronized @Nullable Runnable next() {
      if (all == 0) {
        return null;
      }
      Map.Entry<UUID, Deque<Runnable>> first = byCaller.entrySet().iterator().next();
      UUID caller = first.getKey();
      Deque<Runnable> turns = first.getValue();
      byCaller.remove(caller);
      Runnable next = turns.remove();
      all--;
      if (!turns.isEmpty()) {
        byCaller.put(caller, turns);
      }
      return next;
    }

    synchronized boolean remove(UUID caller, Runnable turn) {
      Deque<Runnable> turns = byCaller.get(caller);
      if (turns == null || !turns.remove(turn)) {
        return false;
      }
      all--;
      if (turns.isEmpty()) {
        byCaller.remove(caller);
      }
      return true;
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
    private final UUID caller;
    private final EventLoop loop;
    private final Continuation<? super T> then;

    BodyReading(T body, UUID caller, EventLoop loop, Continuation<? super T> then) {
      this.body = body;
      this.caller = caller;
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
        await(caller, turn());
      } catch (RejectedExecutionException full) {
        end(Optional.of(CallError.BUSY));
      }
    }

    private void end(Optional<CallError> why) {
      body.endReading();
      try {
        loop.execute(GuardedTask.of(() -> tell(then, body, why), then::failed));
      } catch (RejectedExecutionException stopped) {
        // Nobody waits for the body any longer, because the connection ends together with its event
        // loop.
      }
    }
  }

  /**
   * Stops reading. Unread bodies can remain in the queue; their memory is freed when their calls
   * end.
   */
  @Override
  public void close() {
    threads.shutdown();
  }
}
