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

/** What a provider allows a service, and who used how much of it in the last hour. */
public interface CapacityReports {
  static CapacityReports of(
      InstanceStore services, UserStore users, CapacityRecords records, InstantSource clock) {
    return new CapacityReportReader(services, users, records, clock);
  }

  /**
   * Reports what an actor may see. Those who see the shares see everything; where several services
   * of the owner share the capacity, this is the owning user and administrators. Others who may use
   * the service see their own calls, and no limits. A service account sees the calls of who is
   * responsible for it, because it takes turns together with them. Refused as {@code not_found} to
   * anybody else, and to actors whose token is restricted to another service.
   */
  Outcome<CapacityReport> find(Actor actor, Instance.Ref service);

  /**
   * What an actor sees of a capacity.
   *
   * @param everything whether it is about all borrowers; otherwise there are no limits, and the
   *     rest is about the actor's own calls
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
