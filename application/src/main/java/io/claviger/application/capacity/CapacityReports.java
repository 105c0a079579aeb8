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
 * Shows a provider's limits for a service (the capacity), and how much of the capacity each
 * borrower used in the last hour.
 */
public interface CapacityReports {
  static CapacityReports of(
      InstanceStore services, UserStore users, CapacityRecords records, InstantSource clock) {
    return new CapacityReportReader(services, users, records, clock);
  }

  /**
   * Reports a capacity's state, as far as an actor may see it. Users who see the service's shares
   * see everything. If several services of the owner share the capacity, only the owning user and
   * administrators see everything. All other users of the service see only their own calls, without
   * limits. A service account sees the calls of the responsible person or group, because the
   * account shares its turns with this person or group. The answer is {@code not_found} for anybody
   * else, and for an actor whose token is restricted to another service.
   */
  Outcome<CapacityReport> find(Actor actor, Instance.Ref service);

  /**
   * The part of a capacity's report that an actor may see.
   *
   * @param everything whether the report is about all borrowers; if false, the report contains no
   *     limits, and all values are about the actor's own calls
   * @param borrowers the shown borrowers, at most {@link CapacityRecords#MOST_BORROWERS}
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
