package io.claviger.application.routing;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.routing.port.BareNameStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.Fault;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.groups.Group;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.GroupShare;
import io.claviger.domain.sharing.HeldShares.Grant;
import java.util.List;
import java.util.Optional;

final class BareNameUseCases implements BareNames {
  private final InstanceStore instances;
  private final BareNameStore accepted;
  private final AuditedChanges changes;

  BareNameUseCases(InstanceStore instances, BareNameStore accepted, AuditedChanges changes) {
    this.instances = instances;
    this.accepted = accepted;
    this.changes = changes;
  }

  @Override
  public Outcome<Boolean> isAccepted(Actor actor, Instance.Ref ref) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          return accepted.isAccepted(shared(actor, ref).instance().id(), actor.id());
        });
  }

  @Override
  public Outcome<Instance.Ref> accept(Actor actor, Instance.Ref ref) {
    return changes.change(
        actor,
        AuditAction.BARE_NAMES_CREATE,
        AuditTargets.bareNames(ref, actor.id()),
        log -> {
          InstanceStore.VisibleInstance seen = shared(actor, ref);
          Instance service = seen.instance();
          Optional<Group.Id> group =
              seen.shares().grant(changes.now()).flatMap(Grant::group).map(GroupShare::group);
          if (accepted.accept(service.id(), actor.id(), group, changes.now())) {
            log.recordChange(
                AuditAction.BARE_NAMES_CREATE,
                AuditTargets.bareNames(service, actor.id()),
                List.of());
          }
          return ref;
        });
  }

  @Override
  public Outcome<Instance.Ref> withdraw(Actor actor, Instance.Ref ref) {
    return changes.change(
        actor,
        AuditAction.BARE_NAMES_DELETE,
        AuditTargets.bareNames(ref, actor.id()),
        log -> {
          Instance service = shared(actor, ref).instance();
          if (accepted.withdraw(service.id(), actor.id())) {
            log.recordChange(
                AuditAction.BARE_NAMES_DELETE,
                AuditTargets.bareNames(service, actor.id()),
                List.of());
          }
          return ref;
        });
  }

  private InstanceStore.VisibleInstance shared(Actor actor, Instance.Ref ref) {
    InstanceStore.VisibleInstance seen =
        InstanceStore.VisibleInstance.shownTo(
            actor, instances.find(ref, actor.sight(), changes.now()), changes.now());
    if (!seen.allows(actor, Action.USE, changes.now())) {
      throw RefusedException.forbidden("You may see this service but not use it.");
    }
    if (seen.shares().grant(changes.now()).isEmpty()) {
      throw RefusedException.invalid(
          new Fault(
              "",
              "not_shared",
              "Bare model names already select your own services and system-level services. There"
                  + " is nothing to accept."));
    }
    return seen;
  }
}
