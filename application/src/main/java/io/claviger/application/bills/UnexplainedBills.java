package io.claviger.application.bills;

import io.claviger.application.bills.port.BillReadingStore;
import io.claviger.domain.instances.Instance;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Passes the unexplained amounts of this month's bills to a watcher, such as the metrics of a node.
 */
public final class UnexplainedBills {
  /**
   * The greatest number of services that are shown. The services with the highest unexplained
   * amounts are shown.
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
   * Sets the watcher; there is only one.
   *
   * @param shown receives, at each look-up, all amounts by service, in nano-dollars
   */
  public void watch(Consumer<Map<Instance.Id, Long>> shown) {
    watcher = shown;
  }

  /** Looks up the amounts and passes them to the watcher. A task calls this repeatedly. */
  public void show() {
    YearMonth month = YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC));
    watcher.accept(readings.unexplained(month, MOST_SERVICES));
  }
}
