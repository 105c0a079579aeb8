package io.claviger.wiring.upkeep;

import io.claviger.application.health.TaskRecords;
import io.claviger.application.shared.StoreUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a task and catches its exceptions. After a failure, the task pauses. The pause doubles with
 * each further failure. Each failure is counted, but at most one per minute is logged. Only the
 * JVM's fatal errors are thrown again. Each thread has its own guard.
 */
final class TaskGuard {
  private static final Logger LOG = LoggerFactory.getLogger(TaskGuard.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /**
   * The maximum pause while the database does not answer. The pause is short, so that tasks
   * continue soon after the database answers again.
   */
  private static final Duration LONGEST_WITHOUT_DATABASE = Duration.ofSeconds(1);

  private static final Duration LOG_EACH = Duration.ofMinutes(1);

  private final String task;
  private final TaskRecords records;
  private final LongSupplier nanos;
  private final Logger log;
  private Duration pause = Duration.ZERO;
  private long failedAt;
  private long unlogged;
  private boolean logged;
  private long loggedAt;

  /**
   * @param task the task's name in logs and metrics
   */
  TaskGuard(String task, TaskRecords records, LongSupplier nanos) {
    this(task, records, nanos, LOG);
  }

  TaskGuard(String task, TaskRecords records, LongSupplier nanos, Logger log) {
    this.log = log;
    this.task = task;
    this.records = records;
    this.nanos = nanos;
    records.add(task);
  }

  /**
   * Returns how long the task has to pause after its last failure; zero if its last run succeeded.
   */
  Duration pause() {
    return pause;
  }

  /** Runs the task. Returns whether the task ended without an exception. */
  boolean run(Runnable work) {
    try {
      work.run();
      pause = Duration.ZERO;
      records.succeeded(task, Instant.now());
      return true;
    } catch (StoreUnavailable e) {
      failed(e, LONGEST_WITHOUT_DATABASE);
    } catch (StackOverflowError e) {
      failed(e, LONGEST_PAUSE);
    } catch (VirtualMachineError e) {
      failed(e, LONGEST_PAUSE);
      throw e;
    } catch (Throwable e) {
      failed(e, LONGEST_PAUSE);
    }
    return false;
  }

  private void failed(Throwable failure, Duration longest) {
    records.failed(task);
    failedAt = nanos.getAsLong();
    Duration next = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
    pause = next.compareTo(longest) < 0 ? next : longest;
    unlogged++;
    if (logged && failedAt - loggedAt < LOG_EACH.toNanos()) {
      return;
    }
    if (failure instanceof StoreUnavailable) {
      log.warn("{}: {}; trying again", task, failure.getMessage());
    } else {
      log.error(
          "{} failed ({} times since the last such line); trying again", task, unlogged, failure);
    }
    logged = true;
    loggedAt = failedAt;
    unlogged = 0;
  }
}
