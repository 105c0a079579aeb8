package io.claviger.application.capacity;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.capacity.port.CapacityRecords;
import io.claviger.application.capacity.port.CapacityRecords.BorrowerRecord;
import io.claviger.application.capacity.port.CapacityRecords.WaitingCalls;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fairness.CapacityGroup;
import io.claviger.domain.fairness.CapacityKey;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.CapacitySight;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

final class CapacityReportReader implements CapacityReports {
  private final InstanceStore services;
  private final UserStore users;
  private final CapacityRecords records;
  private final InstantSource clock;

  CapacityReportReader(
      InstanceStore services, UserStore users, CapacityRecords records, InstantSource clock) {
    this.services = services;
    this.users = users;
    this.records = records;
    this.clock = clock;
  }

  @Override
  public Outcome<CapacityReport> find(Actor actor, Instance.Ref service) {
    return Outcome.of(() -> report(actor, service));
  }

  private CapacityReport report(Actor actor, Instance.Ref ref) {
    Instant now = clock.instant();
    InstanceStore.VisibleInstance seen =
        services
            .find(ref, actor.sight(), now)
            .filter(s -> actor.isWithinRestriction(s.instance().id()))
            .orElseThrow(RefusedException::notFound);
    Instance service = seen.instance();
    Optional<CapacityGroup> group = service.settings().capacity().group();
    CapacityKey capacity =
        group
            .map(of -> CapacityKey.ofGroup(service.owner().value(), of.value()))
            .orElseGet(() -> CapacityKey.ofService(service.id().value()));
    CapacitySight sight =
        CapacitySight.of(
            actor.towards(service, seen.shares(), now),
            actor.mayManage(),
            actor.sight().only().isPresent(),
            group.isPresent());
    return switch (sight) {
      case EVERYTHING ->
          new CapacityReport(
              true,
              records.limits(capacity),
              records.waiting(capacity),
              records.minutes(capacity, Optional.empty()),
              records.borrowers(capacity, Optional.empty()));
      case OWN -> {
        Optional<UUID> borrower = Optional.of(borrower(actor));
        List<BorrowerRecord> own = records.borrowers(capacity, borrower);
        int waiting = own.stream().mapToInt(BorrowerRecord::waiting).sum();
        yield new CapacityReport(
            false,
            List.of(),
            new WaitingCalls(waiting, Duration.ZERO),
            records.minutes(capacity, borrower),
            own);
      }
      case NOTHING -> throw RefusedException.notFound();
    };
  }

  /**
   * Returns the borrower to whom the actor's calls are counted when borrowers take turns. The
   * borrower of a service account's calls is the person or group that is responsible for the
   * account.
   */
  private UUID borrower(Actor actor) {
    return users
        .find(actor.handle())
        .flatMap(User::responsible)
        .map(Responsible::uuid)
        .orElse(actor.id().value());
  }
}
