package io.claviger.application.bills;

import io.claviger.application.bills.port.BillReadingStore;
import io.claviger.domain.instances.Instance;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Passes the unexplained amounts of this month's bills to a watcher, such as the node's metrics.
 */
public final class UnexplainedBills {
  /**
   * The maximum number of shown services. The services with the highest unexplained amounts are
   * shown.
   */
  public static final int MOST_SERVICES = 100;

  private final BillReadingStore readings;
  private final InstantSource clock;
  private volatile Consumer<Map<Instance.Id, Long>> watcher = unused -> {};

  public UnexplainedBills(BillReadingStore readings, InstantSource clock) {
    this.readings = readings;
    this.clock = clock;
  }

  /**
   * Sets the watcher, in place of any earlier watcher.
   *
   * @param shown the receiver of the amounts of all services at each look-up, in nano-dollars
   */
  public void watch(Consumer<Map<Instance.Id, Long>> shown) {
    watcher = shown;
  }

  /** Looks up the amounts and passes them to the watcher. Called periodically by a task. */
  public void show() {
    YearMonth month = YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC));
    watcher.accept(readings.unexplained(month, MOST_SERVICES));
  }
}
