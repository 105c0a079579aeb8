package io.claviger.application.capacity;

import io.claviger.application.capacity.port.CapacityRecords;
import io.claviger.application.capacity.port.CapacityRecords.BusyCapacity;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reports to a watcher, such as the metrics of a node, the fraction of the providers' limits that
 * is used.
 */
public final class BusiestCapacities {
  /**
   * The greatest number of capacities that are shown. The capacities with the most calls are shown.
   */
  public static final int MOST = 100;

  private final CapacityRecords records;
  private volatile Optional<Consumer<List<BusyCapacity>>> watcher = Optional.empty();

  public BusiestCapacities(CapacityRecords records) {
    this.records = records;
  }

  /** Sets the watcher; there is only one. */
  public void watch(Consumer<List<BusyCapacity>> shown) {
    watcher = Optional.of(shown);
  }

  /**
   * Looks up the capacities with the most calls and passes them to the watcher, if there is one. A
   * task calls this repeatedly.
   */
  public void show() {
    watcher.ifPresent(shown -> shown.accept(records.busiest(MOST)));
  }
}
