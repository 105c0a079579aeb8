package io.claviger.application.capacity;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.capacity.port.CapacityRecords;
import io.claviger.application.capacity.port.CapacityRecords.WaitingCalls;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fairness.CapacityKey;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.CapacitySight;
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
    CapacityKey capacity = CapacityKey.ofService(seen.instance().id().value());
    CapacitySight sight =
        CapacitySight.of(
            actor.towards(seen.instance(), seen.shares(), now),
            actor.mayManage(),
            actor.sight().only().isPresent(),
            false);
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
        yield new CapacityReport(
            false,
            List.of(),
            WaitingCalls.NONE,
            records.minutes(capacity, borrower),
            records.borrowers(capacity, borrower));
      }
      case NOTHING -> throw RefusedException.notFound();
    };
  }

  /** With whom the actor's calls take turns. */
  private UUID borrower(Actor actor) {
    return users
        .find(actor.handle())
        .flatMap(User::responsible)
        .map(
            responsible ->
                switch (responsible) {
                  case Responsible.Person person -> person.id().value();
                  case Responsible.GroupManagers group -> group.group();
                })
        .orElse(actor.id().value());
  }
}
