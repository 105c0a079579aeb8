package io.claviger.wiring.upkeep;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * A periodic task of a node. A feature declares the task.
 *
 * @param thread the name of the task's thread; tasks with the same thread run one after the other
 * @param task the task's name in logs and metrics
 * @param turn one run of the task
 * @param end an action to run once after the task's last run, when the node stops
 * @param opensValues whether the task opens sealed values, so that it runs only while this node has
 *     the right encryption keys
 * @param hasWork whether there is anything to do; without work, a run ends at once
 */
public record Upkeep(
    String thread,
    String task,
    Turn turn,
    Runnable end,
    boolean opensValues,
    BooleanSupplier hasWork) {
  /** How often a task without work looks for work. */
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

  /** A task that always has work. */
  public Upkeep(String thread, String task, Turn turn, Runnable end, boolean opensValues) {
    this(thread, task, turn, end, opensValues, () -> true);
  }

  /** Runs a task once, and returns the time until the next run. */
  @FunctionalInterface
  public interface Turn {
    Duration take();
  }

  /** Returns a task with its own thread and without an action at its end. */
  public static Upkeep of(String task, Turn turn) {
    return new Upkeep(task, task, turn, () -> {}, false);
  }

  /** Returns a task with its own thread and a pause between two runs. */
  public static Upkeep each(Duration pause, String task, Runnable work) {
    return each(pause, task, task, work);
  }

  /** Returns a task that shares a thread with other tasks, with a pause between two runs. */
  public static Upkeep each(Duration pause, String thread, String task, Runnable work) {
    return new Upkeep(
        thread,
        task,
        () -> {
          work.run();
          return pause;
        },
        () -> {},
        false);
  }

  /** Returns a task that stores counts more than twice per second, and once more at the end. */
  public static Upkeep storing(String task, Runnable flush) {
    return each(Duration.ofMillis(400), "upkeep-usage", task, flush).ending(flush);
  }

  /** Returns a task that removes expired things once a minute. */
  public static Upkeep removing(String task, Runnable removal) {
    return each(Duration.ofMinutes(1), "upkeep-expired", task, removal);
  }

  /** Returns this task with an action at its end. */
  public Upkeep ending(Runnable last) {
    return new Upkeep(thread, task, turn, last, opensValues, hasWork);
  }

  /** Returns this task as a task that opens sealed values. */
  public Upkeep openingValues() {
    return new Upkeep(thread, task, turn, end, true, hasWork);
  }

  /**
   * Returns this task, but with runs only while there is something to do. Without work, the node's
   * encryption keys are not checked either.
   *
   * @param work a cheap check whether there is something to do
   */
  public Upkeep whenThereIsWork(BooleanSupplier work) {
    return new Upkeep(thread, task, turn, end, opensValues, work);
  }

  /** Runs the task once if it has work, and returns the time until the next run. */
  public Duration run() {
    return hasWork.getAsBoolean() ? turn.take() : BETWEEN_LOOKS;
  }

  /** Returns a task that does the same as this task, but only while the condition holds. */
  public Upkeep onlyWhile(BooleanSupplier condition, Duration pause) {
    return new Upkeep(
        thread,
        task,
        () -> condition.getAsBoolean() ? turn.take() : pause,
        end,
        opensValues,
        hasWork);
  }
}
