package io.claviger.wiring.node;

import io.claviger.application.health.TaskRecords;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A thread that repeats a task until it is stopped. After a failure it tries again, see {@link
 * TaskGuard}. A failure never ends the node.
 */
final class PeriodicTask {
  private final Turn turn;
  private final TaskGuard guard;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;

  private PeriodicTask(String name, TaskRecords records, Turn turn) {
    this.turn = turn;
    this.guard = new TaskGuard(name, records, System::nanoTime);
    this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::repeat);
  }

  /**
   * @param name the name of the task in logs and metrics, and of its thread
   */
  static PeriodicTask start(String name, TaskRecords records, Turn turn) {
    PeriodicTask turns = new PeriodicTask(name, records, turn);
    turns.thread.start();
    return turns;
  }

  /** Runs the task once, and returns the milliseconds until the next run. */
  @FunctionalInterface
  interface Turn {
    long take();
  }

  /** Asks the thread to stop. It runs the task one last time at once. */
  void askToStop() {
    stopped.countDown();
  }

  /**
   * @return whether it has ended
   */
  boolean join(Duration most) {
    try {
      return thread.join(most);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Repeats the task, and runs it once more after the stop, so that no counts are lost. */
  private void repeat() {
    long[] wanted = new long[1];
    boolean stopping;
    do {
      stopping = stopped.getCount() == 0;
      boolean done = guard.run(() -> wanted[0] = turn.take());
      if (!stopping) {
        pause(done ? wanted[0] : guard.pause().toMillis());
      }
    } while (!stopping);
  }

  /** Waits. Returns early when the task is stopped. */
  private void pause(long millis) {
    try {
      boolean unused = stopped.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
