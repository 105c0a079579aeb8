package io.claviger.gateway.out;

import io.claviger.domain.accounts.UserId;
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
 * Where names are looked up and certificates verified. These are threads of the platform, apart
 * from those of the authorization, since a look-up blocks in native code.
 *
 * <p>Whoever runs a slow name server must not hold up others. So the services of one owner have at
 * most 8 of the 64 threads, and 512 tasks that wait; all owners together 4,096. The owners whose
 * tasks wait take turns.
 */
final class BlockingLookups implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BlockingLookups.class);

  static final int MOST = 64;
  static final int MOST_OF_ONE = 8;
  static final int MOST_WAITING = 4_096;
  static final int MOST_WAITING_OF_ONE = 512;
  private static final int IDLE_SECONDS = 30;

  /** Without a bound of its own: a thread that has just finished may not be back yet. */
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          new DefaultThreadFactory("gateway-look-up", true));

  private final Map<UserId, Lane> lanes = new HashMap<>();

  /** Those with tasks that wait for a thread and not for one of their own to end. */
  private final Deque<Lane> turns = new ArrayDeque<>();

  private int running;
  private int waiting;

  /** What runs and waits for the services of one owner. */
  private static final class Lane {
    private final UserId owner;
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private int running;
    private boolean hasTurn;

    Lane(UserId owner) {
      this.owner = owner;
    }
  }

  /**
   * What runs tasks for the services of one owner. It throws {@link RejectedExecutionException}
   * where too many wait.
   */
  Executor of(UserId owner) {
    return task -> execute(owner, task);
  }

  private void execute(UserId owner, Runnable task) {
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
      throw new RejectedExecutionException("too many look-ups wait");
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
        LOG.error("a look-up failed", e);
      }
      next = next(next.lane());
    }
  }

  private record Next(Lane lane, Runnable task) {}

  /** One task of this lane is over; what its thread is to do now, if anything. */
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
