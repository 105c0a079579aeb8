package io.claviger.gateway.out;

import io.claviger.domain.accounts.User;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the blocking steps of opening a connection: resolving host names and verifying certificates.
 * The class uses platform threads, because name resolution blocks in native code.
 *
 * <p>A slow name server of one owner must not delay the connections of other owners. So the tasks
 * for the services of one owner may use at most 8 of the 64 threads, and at most 512 of these tasks
 * may wait. At most 4,096 tasks of all owners together may wait. Owners who have waiting tasks take
 * turns.
 *
 * <p>Slow name servers of several owners must not delay the connections of other owners either. An
 * owner is proven if the last task for their services took less than a second. Each owner who is
 * not proven may use 2 threads. While 48 threads are in use, a further thread is given only to a
 * proven owner for whom no task is running.
 */
final class BlockingLookups implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BlockingLookups.class);

  static final int MOST = 64;
  static final int MOST_OF_ONE = 8;
  static final int MOST_OF_UNPROVEN = 2;
  static final int CROWDED = 48;
  static final int MOST_WAITING = 4_096;
  static final int MOST_WAITING_OF_ONE = 512;
  private static final int MOST_PROVEN = 1_000;
  private static final long QUICK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int IDLE_SECONDS = 30;

  /**
   * The thread pool itself has no limit, because a thread that has just finished a task may not yet
   * be available for another task.
   */
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          new DefaultThreadFactory("gateway-look-up", true));

  private final LongSupplier nanos;
  private final Map<User.Id, Lane> lanes = new HashMap<>();

  /** The owners for whom tasks are waiting. The owner for whom a task ran most recently is last. */
  private final Set<Lane> turns = new LinkedHashSet<>();

  /** The proven owners. If there are too many owners, the owner who was proven first is removed. */
  private final Set<User.Id> proven = new LinkedHashSet<>();

  private int running;
  private int waiting;

  BlockingLookups() {
    this(System::nanoTime);
  }

  BlockingLookups(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** The running and waiting tasks for the services of one owner. */
  private static final class Lane {
    private final User.Id owner;
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private int running;

    Lane(User.Id owner) {
      this.owner = owner;
    }
  }

  /**
   * Returns an executor for the services of one owner. The executor throws {@link
   * RejectedExecutionException} if too many tasks of the owner wait.
   */
  Executor of(User.Id owner) {
    return task -> execute(owner, task);
  }

  private void execute(User.Id owner, Runnable task) {
    Lane started;
    synchronized (this) {
      Lane lane = lanes.computeIfAbsent(owner, Lane::new);
      if (!lane.tasks.isEmpty() || !mayRun(lane)) {
        queue(lane, task);
        return;
      }
      lane.running++;
      running++;
      started = lane;
    }
    try {
      threads.execute(() -> run(started, task));
    } catch (Throwable e) {
      giveBack(started); // the gateway is closed, or no thread can be started
      throw e;
    }
  }

  /** Whether no task for this owner is running or waiting. */
  synchronized boolean isIdle(User.Id owner) {
    return !lanes.containsKey(owner);
  }

  private boolean mayRun(Lane lane) {
    boolean isProven = proven.contains(lane.owner);
    return running < CROWDED
        ? lane.running < (isProven ? MOST_OF_ONE : MOST_OF_UNPROVEN)
        : running < MOST && isProven && lane.running == 0;
  }

  private void queue(Lane lane, Runnable task) {
    if (lane.tasks.size() >= MOST_WAITING_OF_ONE || waiting >= MOST_WAITING) {
      forgetIfIdle(lane);
      throw new RejectedExecutionException("too many look-ups are waiting");
    }
    lane.tasks.add(task);
    waiting++;
    turns.add(lane);
  }

  private synchronized void giveBack(Lane lane) {
    lane.running--;
    running--;
    forgetIfIdle(lane);
  }

  private void forgetIfIdle(Lane lane) {
    if (lane.running == 0 && lane.tasks.isEmpty()) {
      lanes.remove(lane.owner);
    }
  }

  private void run(Lane lane, Runnable task) {
    Next next = new Next(lane, task);
    while (next != null) {
      long began = nanos.getAsLong();
      try {
        next.task().run();
      } catch (Throwable e) {
        LOG.error("a blocking task failed", e);
      }
      next = next(next.lane(), nanos.getAsLong() - began < QUICK_NANOS);
      startFurther();
    }
  }

  private record Next(Lane lane, Runnable task) {}

  /**
   * Ends a task of this owner. Returns the task that the thread of the ended task has to run next;
   * null if there is none.
   */
  private synchronized @Nullable Next next(Lane over, boolean wasQuick) {
    proven.remove(over.owner);
    if (wasQuick) {
      proven.add(over.owner);
      if (proven.size() > MOST_PROVEN) {
        proven.remove(proven.iterator().next());
      }
    }
    giveBack(over);
    return poll();
  }

  private synchronized @Nullable Next poll() {
    Lane lane = turns.stream().filter(this::mayRun).findFirst().orElse(null);
    if (lane == null) {
      return null;
    }
    turns.remove(lane);
    Runnable task = lane.tasks.remove();
    if (!lane.tasks.isEmpty()) {
      turns.add(lane);
    }
    waiting--;
    lane.running++;
    running++;
    return new Next(lane, task);
  }

  /**
   * Starts waiting tasks. The end of one task can make room for several others, because it can make
   * its owner a proven one.
   */
  private void startFurther() {
    for (Next next = poll(); next != null; next = poll()) {
      Next further = next;
      try {
        threads.execute(() -> run(further.lane(), further.task()));
      } catch (Throwable e) {
        LOG.warn("a blocking task is left out, because no thread can be started", e);
        giveBack(further.lane());
        return;
      }
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
