package io.claviger.wiring.upkeep;

import java.time.Duration;

/**
 * A periodic task of a node, which a feature declares.
 *
 * @param thread the name of the thread on which the task runs; tasks that name the same thread run
 *     one after the other
 * @param task the name of the task as it appears in logs and metrics
 * @param turn one run of the task
 * @param end runs once after the last turn of the task, when the node stops
 */
public record Upkeep(String thread, String task, Turn turn, Runnable end) {
  /** Runs a task once, and returns how long it is until the next turn. */
  @FunctionalInterface
  public interface Turn {
    Duration take();
  }

  /** Returns a task that has its own thread, and nothing to do at the end. */
  public static Upkeep of(String task, Turn turn) {
    return new Upkeep(task, task, turn, () -> {});
  }

  /** Returns a task that has its own thread, and pauses between two turns. */
  public static Upkeep each(Duration pause, String task, Runnable work) {
    return each(pause, task, task, work);
  }

  /** Returns a task that runs on a thread with other tasks, and pauses between two turns. */
  public static Upkeep each(Duration pause, String thread, String task, Runnable work) {
    return new Upkeep(
        thread,
        task,
        () -> {
          work.run();
          return pause;
        },
        () -> {});
  }

  /** Returns a task that stores counts more than twice in a second, and once more at the end. */
  public static Upkeep storing(String task, Runnable flush) {
    return each(Duration.ofMillis(400), "upkeep-usage", task, flush).ending(flush);
  }

  /** Returns a task that removes expired things once a minute. */
  public static Upkeep removing(String task, Runnable removal) {
    return each(Duration.ofMinutes(1), "upkeep-expired", task, removal);
  }

  /** Returns this task with something to do at the end. */
  public Upkeep ending(Runnable last) {
    return new Upkeep(thread, task, turn, last);
  }
}
