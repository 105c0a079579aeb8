package io.claviger.inprocess.node;

import io.claviger.application.shared.StoreUnavailable;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that repeats a task until it is stopped. If the database is unreachable, it tries again.
 * A failure never ends the node.
 */
final class PeriodicTask {
  private static final Logger LOG = LoggerFactory.getLogger(PeriodicTask.class);
  private static final long AFTER_FAULT_MILLIS = 200;

  private final String name;
  private final Turn turn;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;

  private PeriodicTask(String name, Turn turn) {
    this.name = name;
    this.turn = turn;
    this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::repeat);
  }

  static PeriodicTask start(String name, Turn turn) {
    PeriodicTask turns = new PeriodicTask(name, turn);
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
    boolean faulty = false;
    boolean stopping;
    do {
      stopping = stopped.getCount() == 0;
      long pause = AFTER_FAULT_MILLIS;
      try {
        pause = turn.take();
        faulty = false;
      } catch (StoreUnavailable e) {
        if (!faulty) {
          LOG.warn("{}: the database does not answer; trying again", name);
        }
        faulty = true;
      } catch (RuntimeException e) {
        LOG.error("{} failed", name, e);
      }
      if (!stopping) {
        pause(pause);
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
