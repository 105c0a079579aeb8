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
 * Runs the blocking steps of opening a connection: name resolution and the verification of
 * certificates. The class uses platform threads, because name resolution blocks in native code.
 *
 * <p>A slow name server of one owner must not delay other owners' connections. So the tasks for one
 * owner's services may use at most 8 of the 64 threads, and at most 512 of these tasks may wait.
 * For all owners together, at most 4,096 tasks may wait. Owners with waiting tasks take turns.
 *
 * <p>Slow name servers of several owners must not delay other owners either. So an owner counts as
 * proven if the last task for the owner's services took less than a second. An unproven owner may
 * use only 2 threads. While 48 threads are in use, only proven owners without a running task get
 * another thread.
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
   * The thread pool itself has no limit, because a thread might still be unavailable directly after
   * the end of its task.
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

  /** The owners with waiting tasks. The owner of the task that started last comes last. */
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

  /** The running and waiting tasks for one owner's services. */
  private static final class Lane {
    private final User.Id owner;
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private int running;

    Lane(User.Id owner) {
      this.owner = owner;
    }
  }

  /**
   * Returns the executor for one owner's services. The executor throws {@link
   * RejectedExecutionException} if too many tasks of the owner are waiting.
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

  /** Whether the owner has no running or waiting task. */
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

  /** Ends a task. Returns the next task for the thread of the ended task; null if there is none. */
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
   * Starts waiting tasks. When a task ends, several other tasks may start, because the owner might
   * now be proven.
   */
  private void startFurther() {
    for (Next next = poll(); next != null; next = poll()) {
      Next further = next;
      try {
        threads.execute(() -> run(further.lane(), further.task()));
      } catch (Throwable e) {
        LOG.warn("a blocking task is dropped, because no thread can be started", e);
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
