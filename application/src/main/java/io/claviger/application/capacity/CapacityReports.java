package io.claviger.application.capacity;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.capacity.port.CapacityRecords;
import io.claviger.application.capacity.port.CapacityRecords.BorrowerRecord;
import io.claviger.application.capacity.port.CapacityRecords.MinuteRecord;
import io.claviger.application.capacity.port.CapacityRecords.RecordedLimit;
import io.claviger.application.capacity.port.CapacityRecords.WaitingCalls;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.instances.Instance;
import java.time.InstantSource;
import java.util.List;

/**
 * Shows a provider's limits for a service (its capacity), and how much of this capacity each
 * borrower used in the last hour.
 */
public interface CapacityReports {
  static CapacityReports of(
      InstanceStore services, UserStore users, CapacityRecords records, InstantSource clock) {
    return new CapacityReportReader(services, users, records, clock);
  }

  /**
   * Reports the part of a capacity's state that an actor may see. Users who see the service's
   * shares see everything. However, if several services of the owner share the capacity, only the
   * owning user and administrators see everything. All other users who may use the service see only
   * their own calls, and no limits. A service account sees the calls of the person or group that is
   * responsible for it, because the account shares its turns with that person or group. For anybody
   * else, and for actors whose token is restricted to another service, the answer is {@code
   * not_found}.
   */
  Outcome<CapacityReport> find(Actor actor, Instance.Ref service);

  /**
   * The part of a capacity's report that an actor sees.
   *
   * @param everything whether the report is about all borrowers; otherwise the report contains no
   *     limits, and all its other values are about the actor's own calls
   * @param borrowers at most {@link CapacityRecords#MOST_BORROWERS}
   */
  record CapacityReport(
      boolean everything,
      List<RecordedLimit> limits,
      WaitingCalls waiting,
      List<MinuteRecord> lastHour,
      List<BorrowerRecord> borrowers) {
    public CapacityReport {
      limits = List.copyOf(limits);
      lastHour = List.copyOf(lastHour);
      borrowers = List.copyOf(borrowers);
    }
  }
}
