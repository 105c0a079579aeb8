package io.claviger.gateway.out;

import io.claviger.domain.accounts.User;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what blocks while a connection is opened: host names are resolved and certificates verified.
 * It uses platform threads, because name resolution blocks in native code.
 *
 * <p>A slow name server of one owner must not delay others. So the services of one owner may use at
 * most 8 of the 64 threads and have 512 waiting tasks. All owners together may have 4,096. Owners
 * with waiting tasks take turns.
 */
final class BlockingLookups implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BlockingLookups.class);

  static final int MOST = 64;
  static final int MOST_OF_ONE = 8;
  static final int MOST_WAITING = 4_096;
  static final int MOST_WAITING_OF_ONE = 512;
  private static final int IDLE_SECONDS = 30;

  /**
   * It has no limit of its own, because a thread that has just finished may not be available again
   * yet.
   */
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          new DefaultThreadFactory("gateway-look-up", true));

  private final Map<User.Id, Lane> lanes = new HashMap<>();

  /** Owners who have waiting tasks and may use another thread. */
  private final Deque<Lane> turns = new ArrayDeque<>();

  private int running;
  private int waiting;

  /** The running and waiting tasks for the services of one owner. */
  private static final class Lane {
    private final User.Id owner;
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private int running;
    private boolean hasTurn;

    Lane(User.Id owner) {
      this.owner = owner;
    }
  }

  /**
   * An executor for the services of one owner. It throws {@link RejectedExecutionException} when
   * too many tasks wait.
   */
  Executor of(User.Id owner) {
    return task -> execute(owner, task);
  }

  private void execute(User.Id owner, Runnable task) {
    Lane started;
    synchronized (this) {
      Lane lane = lanes.computeIfAbsent(owner, Lane::new);
      if (lane.running < MOST_OF_ONE && running < MOST) {
        lane.running++;
        running++;
        started = lane;
      } else {
        queue(lane, task);
        return;
      }
    }
    try {
      threads.execute(() -> run(started, task));
    } catch (Throwable e) {
      giveBack(started); // the gateway is closed, or no thread can be started
      throw e;
    }
  }

  private synchronized void giveBack(Lane lane) {
    lane.running--;
    running--;
    takeTurn(lane);
    forgetIfIdle(lane);
  }

  private void queue(Lane lane, Runnable task) {
    if (lane.tasks.size() >= MOST_WAITING_OF_ONE || waiting >= MOST_WAITING) {
      forgetIfIdle(lane);
      throw new RejectedExecutionException("too many look-ups are waiting");
    }
    lane.tasks.add(task);
    waiting++;
    takeTurn(lane);
  }

  private void takeTurn(Lane lane) {
    if (!lane.hasTurn && lane.running < MOST_OF_ONE && !lane.tasks.isEmpty()) {
      lane.hasTurn = true;
      turns.add(lane);
    }
  }

  private void forgetIfIdle(Lane lane) {
    if (lane.running == 0 && lane.tasks.isEmpty()) {
      lanes.remove(lane.owner);
    }
  }

  private void run(Lane lane, Runnable task) {
    Next next = new Next(lane, task);
    while (next != null) {
      try {
        next.task().run();
      } catch (Throwable e) {
        LOG.error("a blocking task failed", e);
      }
      next = next(next.lane());
    }
  }

  private record Next(Lane lane, Runnable task) {}

  /** Ends a task of this lane. Returns what its thread has to do next, or null. */
  private synchronized @Nullable Next next(Lane over) {
    giveBack(over);
    Lane lane = turns.poll();
    if (lane == null) {
      return null;
    }
    lane.hasTurn = false;
    Runnable task = lane.tasks.remove();
    waiting--;
    lane.running++;
    running++;
    takeTurn(lane);
    return new Next(lane, task);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
