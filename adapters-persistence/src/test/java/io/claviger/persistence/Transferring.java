package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.code;

import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ConsentDemand;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Quotas;
import io.claviger.application.transfers.FormerReferences;
import io.claviger.application.transfers.Transfers;
import io.claviger.application.transfers.Transfers.NewHandles;
import io.claviger.application.transfers.Transfers.TransferOffer;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.transfers.Transfer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Transfers on a real store, in short words for tests. */
final class Transferring {

  final Transfers transfers;
  final FormerReferences references;
  private final RacingUseCases use;

  Transferring(PostgresPorts ports, RacingUseCases use) {
    this(ports, use, Quotas.NONE);
  }

  Transferring(PostgresPorts ports, RacingUseCases use, Quotas quotas) {
    this(ports, use, quotas, ConsentDemand.NONE);
  }

  Transferring(PostgresPorts ports, RacingUseCases use, Quotas quotas, ConsentDemand consents) {
    AuditedChanges attempts = RacingUseCases.changes(ports, quotas, consents);
    this.use = use;
    this.transfers =
        Transfers.of(
            ports.transfers(),
            ports.ownerChanges(),
            ports.movedReferences(),
            ports.users(),
            use.instances,
            use.projects,
            attempts);
    this.references =
        FormerReferences.of(ports.movedReferences(), use.instances, use.projects, attempts);
  }

  Outcome<Transfer> offer(User giver, User receiver, List<String> services, String... projects) {
    return transfers.offer(
        RacingUseCases.as(giver),
        new TransferOffer(
            services.stream().map(Instance.Ref::of).toList(),
            Stream.of(projects).map(Project.Ref::of).toList(),
            receiver.handle()));
  }

  Transfer offered(User giver, User receiver, List<String> services, String... projects) {
    return offer(giver, receiver, services, projects).orThrow();
  }

  String accept(User receiver, Transfer offer) {
    return code(transfers.accept(RacingUseCases.as(receiver), offer.id(), NewHandles.NONE));
  }

  String acceptAs(User receiver, Transfer offer, String service, String handle) {
    return code(
        transfers.accept(
            RacingUseCases.as(receiver),
            offer.id(),
            new NewHandles(Map.of(Instance.Ref.of(service), new Handle(handle)), Map.of())));
  }

  /** Whether a user sees a service by this reference, and by which it is shown. */
  Optional<String> shown(User user, String ref) {
    return use.instances
        .find(RacingUseCases.as(user), Instance.Ref.of(ref))
        .asOptional()
        .map(found -> found.instance().ref().toString());
  }
}
