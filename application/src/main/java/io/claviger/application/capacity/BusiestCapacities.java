package io.claviger.application.capacity;

import io.claviger.application.capacity.port.CapacityRecords;
import io.claviger.application.capacity.port.CapacityRecords.BusyCapacity;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Shows a watcher, such as the metrics of a node, how much is used of what providers allow. */
public final class BusiestCapacities {
  /** The number of capacities that are shown: those with the most calls. */
  public static final int MOST = 100;

  private final CapacityRecords records;
  private volatile Optional<Consumer<List<BusyCapacity>>> watcher = Optional.empty();

  public BusiestCapacities(CapacityRecords records) {
    this.records = records;
  }

  /** Sets the only watcher. */
  public void watch(Consumer<List<BusyCapacity>> shown) {
    watcher = Optional.of(shown);
  }

  /** Looks up these capacities and shows them, if there is a watcher. Called repeatedly. */
  public void show() {
    watcher.ifPresent(shown -> shown.accept(records.busiest(MOST)));
  }
}
