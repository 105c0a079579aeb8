package io.claviger.application.health;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Records successes and failures of this node's periodic tasks since the start of the node. */
public final class TaskRecords {
  private final Map<String, TaskRecord> records = new ConcurrentHashMap<>();

  /**
   * The record of a task.
   *
   * @param failures the number of times that the task failed
   * @param lastSuccess when the task last succeeded; empty if the task never succeeded
   */
  public record TaskRecord(String task, long failures, Optional<Instant> lastSuccess) {}

  /** Adds a record for a task that has not run yet. */
  public void add(String task) {
    TaskRecord unused = records.putIfAbsent(task, unknown(task));
  }

  public void succeeded(String task, Instant at) {
    TaskRecord unused =
        records.merge(
            task,
            new TaskRecord(task, 0, Optional.of(at)),
            (before, now) -> new TaskRecord(task, before.failures, now.lastSuccess));
  }

  public void failed(String task) {
    TaskRecord unused =
        records.merge(
            task,
            new TaskRecord(task, 1, Optional.empty()),
            (before, now) -> new TaskRecord(task, before.failures + 1, before.lastSuccess));
  }

  public TaskRecord of(String task) {
    return records.getOrDefault(task, unknown(task));
  }

  /** Returns the records of all periodic tasks, ordered by the tasks' names. */
  public List<TaskRecord> all() {
    return records.values().stream().sorted(Comparator.comparing(TaskRecord::task)).toList();
  }

  private static TaskRecord unknown(String task) {
    return new TaskRecord(task, 0, Optional.empty());
  }
}
