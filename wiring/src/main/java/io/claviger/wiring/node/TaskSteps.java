package io.claviger.wiring.node;

import io.claviger.application.health.TaskRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Tasks that one thread runs one after the other. A task that fails pauses, and the others go on.
 */
final class TaskSteps {
  private final TaskRecords records;
  private final LongSupplier nanos;
  private final List<Step> steps = new ArrayList<>();

  private record Step(TaskGuard guard, Runnable work) {}

  /**
   * @param nanos a clock that only goes forward, in nanoseconds
   */
  TaskSteps(TaskRecords records, LongSupplier nanos) {
    this.records = records;
    this.nanos = nanos;
  }

  TaskSteps then(String task, Runnable work) {
    steps.add(new Step(new TaskGuard(task, records, nanos), work));
    return this;
  }

  /** Runs the tasks that do not pause. */
  void run() {
    steps.forEach(step -> step.guard.runIfDue(step.work));
  }

  /** Runs all tasks a last time. */
  void runAll() {
    for (Step step : steps) {
      boolean unused = step.guard.run(step.work);
    }
  }
}
