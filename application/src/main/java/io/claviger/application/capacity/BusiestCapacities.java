package io.claviger.application.capacity;

import io.claviger.application.capacity.port.CapacityRecords;
import io.claviger.application.capacity.port.CapacityRecords.BusyCapacity;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reports the used fraction of the providers' limits to a watcher, such as the node's metrics. */
public final class BusiestCapacities {
  /** The maximum number of shown capacities. The capacities with the most calls are shown. */
  public static final int MOST = 100;

  private final CapacityRecords records;
  private volatile Optional<Consumer<List<BusyCapacity>>> watcher = Optional.empty();

  public BusiestCapacities(CapacityRecords records) {
    this.records = records;
  }

  /** Sets the watcher, in place of any earlier watcher. */
  public void watch(Consumer<List<BusyCapacity>> shown) {
    watcher = Optional.of(shown);
  }

  /**
   * If there is a watcher, finds the capacities with the most calls and passes them to the watcher.
   * Called periodically by a task.
   */
  public void show() {
    watcher.ifPresent(shown -> shown.accept(records.busiest(MOST)));
  }
}
