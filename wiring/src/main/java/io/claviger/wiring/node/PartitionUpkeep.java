package io.claviger.wiring.node;

import io.claviger.application.health.TaskRecords;
import io.claviger.application.retention.port.MonthPartitions;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.wiring.NodeContext;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The periodic task that makes the partitions of the coming months, and removes months that are not
 * to be kept any more. If it fails, nothing is lost: rows without a partition of their own go to
 * the default partition.
 */
final class PartitionUpkeep {
  private static final Logger LOG = LoggerFactory.getLogger(PartitionUpkeep.class);
  private static final long PAUSE_MILLIS = Duration.ofHours(1).toMillis();
  private static final long SOON_MILLIS = Duration.ofMinutes(1).toMillis();
  private static final Duration MOST_FOR_THE_END = Duration.ofSeconds(5);

  private final MonthPartitions partitions;
  private final Runnable retention;
  private final TaskGuard retaining;
  private final PeriodicTask running;
  private volatile boolean ending;

  private PartitionUpkeep(MonthPartitions partitions, Runnable retention, TaskRecords records) {
    this.partitions = partitions;
    this.retention = retention;
    this.retaining = new TaskGuard("retention", records, System::nanoTime);
    this.running = PeriodicTask.start("upkeep-partitions", records, this::run);
  }

  /**
   * @param retention removes what is not to be kept any more
   */
  static PartitionUpkeep start(NodeContext context, Runnable retention) {
    return new PartitionUpkeep(
        context.get(MonthPartitions.class), retention, context.get(TaskRecords.class));
  }

  /** Asks the task to stop. */
  void stop() {
    ending = true;
    running.askToStop();
    boolean unused = running.join(MOST_FOR_THE_END);
  }

  private long run() {
    if (ending) {
      return PAUSE_MILLIS;
    }
    boolean retained = retaining.run(retention);
    try {
      int made = partitions.makeAhead();
      if (made > 0) {
        LOG.info("{} partitions were made for the coming months", made);
      }
      partitions.describe();
      return retained ? PAUSE_MILLIS : SOON_MILLIS;
    } catch (ConcurrencyConflict e) {
      LOG.debug("the tables are in use; partitions are looked after in a minute", e);
      return SOON_MILLIS;
    }
  }
}
