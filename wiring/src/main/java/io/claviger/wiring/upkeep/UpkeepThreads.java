package io.claviger.wiring.upkeep;

import io.claviger.application.health.TaskRecords;
import io.claviger.application.shared.TransientFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Runs a node's periodic tasks. Each task runs whenever it is due. A failed task runs again after a
 * pause (see {@link TaskGuard}). The other tasks continue. A task's failure never ends the node.
 */
public final class UpkeepThreads {
  private final List<Lane> lanes;

  private UpkeepThreads(List<Lane> lanes) {
    this.lanes = lanes;
  }

  /** Starts the threads. Each task runs immediately for the first time. */
  public static UpkeepThreads start(List<Upkeep> tasks, TaskRecords records) {
    Map<String, List<Upkeep>> byThread = new LinkedHashMap<>();
    tasks.forEach(
        each -> byThread.computeIfAbsent(each.thread(), name -> new ArrayList<>()).add(each));
    List<Lane> lanes = new ArrayList<>();
    byThread.forEach(
        (name, shared) -> lanes.add(new Lane(shared, records, System::nanoTime).start(name)));
    return new UpkeepThreads(List.copyOf(lanes));
  }

  /** Stops the tasks, and tries their final actions only once. */
  public boolean stop(Duration most) {
    return stop(most, Duration.ZERO);
  }

  /**
   * Stops the tasks, and runs each task's final action. An interrupt of the calling thread does not
   * shorten the wait. The thread's interrupt status stays set.
   *
   * @param most the maximum time to wait for all tasks together
   * @param retrying the time for which final actions are tried again while the database does not
   *     answer, or reports conflicts
   * @return whether all tasks, with their final actions, have ended within {@code most}
   */
  public boolean stop(Duration most, Duration retrying) {
    long now = System.nanoTime();
    lanes.forEach(lane -> lane.stop(now + retrying.toNanos()));
    long until = now + most.toNanos();
    boolean ended = true;
    boolean interrupted = false;
    for (Lane lane : lanes) {
      interrupted |= lane.awaitEnd(until);
      ended &= lane.ended;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return ended;
  }

  /** Tasks that run one after the other on the same thread. */
  static final class Lane {
    private static final Duration BETWEEN_FINAL_ATTEMPTS = Duration.ofMillis(200);

    private final List<Task> tasks;
    private final LongSupplier nanos;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private Thread thread = Thread.currentThread();
    private volatile long retriesUntil;

    /** Whether the final actions have ended, so that none of them has to run again. */
    private volatile boolean ended;

    Lane(List<Upkeep> tasks, TaskRecords records, LongSupplier nanos) {
      this.nanos = nanos;
      this.tasks = tasks.stream().map(each -> new Task(each, records, nanos)).toList();
      this.retriesUntil = nanos.getAsLong();
    }

    /**
     * @param until the {@link System#nanoTime} after which final actions are not tried again
     */
    private void stop(long until) {
      retriesUntil = until;
      stopped.countDown();
    }

    private Lane start(String name) {
      thread = Thread.ofPlatform().name(name).daemon().unstarted(this::repeat);
      thread.start();
      return this;
    }

    private void repeat() {
      do {
        runDue();
      } while (!isStoppedBeforeNext());
      end();
    }

    /** Runs each due task once. Runs no further task after the thread was told to stop. */
    void runDue() {
      for (Task task : tasks) {
        if (stopped.getCount() > 0) {
          task.runIfDue();
        }
      }
    }

    /**
     * Runs each task's final action. Tries again while the database does not answer, is too slow,
     * or reports conflicts with other nodes, because what a task has not stored by now is lost.
     */
    void end() {
      List<Task> left = tasks.stream().filter(task -> !task.end()).toList();
      while (!left.isEmpty() && nanos.getAsLong() - retriesUntil < 0) {
        try {
          Thread.sleep(BETWEEN_FINAL_ATTEMPTS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
        left = left.stream().filter(task -> !task.end()).toList();
      }
      ended = left.isEmpty();
    }

    private boolean isStoppedBeforeNext() {
      long now = nanos.getAsLong();
      long pause = Long.MAX_VALUE;
      for (Task task : tasks) {
        pause = Math.min(pause, task.due - now);
      }
      try {
        return stopped.await(pause, TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return true;
      }
    }

    /**
     * Waits until the thread has ended, but at most until the given {@link System#nanoTime}.
     * Returns whether the calling thread was interrupted during the wait; its interrupt status is
     * then cleared.
     */
    private boolean awaitEnd(long until) {
      boolean interrupted = false;
      while (true) {
        try {
          boolean unused = thread.join(Duration.ofNanos(until - System.nanoTime()));
          return interrupted;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
  }

  private static final class Task {
    private final Upkeep upkeep;
    private final TaskGuard guard;
    private final LongSupplier nanos;
    private Duration wanted = Duration.ZERO;
    private long due;

    Task(Upkeep upkeep, TaskRecords records, LongSupplier nanos) {
      this.upkeep = upkeep;
      this.guard = new TaskGuard(upkeep.task(), records, nanos);
      this.nanos = nanos;
      this.due = nanos.getAsLong();
    }

    void runIfDue() {
      if (nanos.getAsLong() - due < 0) {
        return;
      }
      boolean done = guard.run(() -> wanted = upkeep.run());
      due = nanos.getAsLong() + (done ? wanted : guard.pause()).toNanos();
    }

    /** Runs the final action. Returns false if another attempt might succeed. */
    boolean end() {
      AtomicBoolean passing = new AtomicBoolean();
      boolean unused =
          guard.run(
              () -> {
                try {
                  upkeep.end().run();
                } catch (TransientFailure e) {
                  passing.set(true);
                  throw e;
                }
              });
      return !passing.get();
    }
  }
}
