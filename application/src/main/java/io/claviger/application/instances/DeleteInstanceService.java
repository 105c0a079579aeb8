package io.claviger.application.instances;

import io.claviger.application.instances.port.InstanceReferences;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.ModelCatalogue;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.References;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.StillReferenced;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import java.util.List;
import java.util.OptionalLong;

final class DeleteInstanceService implements DeleteInstance {
  private final InstanceStore instances;
  private final InstanceReferences use;
  private final ModelCatalogue catalogue;
  private final AuditedChanges attempts;

  DeleteInstanceService(
      InstanceStore instances,
      InstanceReferences use,
      ModelCatalogue catalogue,
      AuditedChanges attempts) {
    this.instances = instances;
    this.use = use;
    this.catalogue = catalogue;
    this.attempts = attempts;
  }

  @Override
  public Outcome delete(Actor actor, InstanceRef ref, Precondition precondition) {
    return attempts.change(
        actor,
        AuditAction.SERVICE_DELETE,
        AuditTargets.service(ref),
        ledger -> {
          if (ref.owner().isSystem()) {
            catalogue.lock();
          }
          InstanceStore.Seen seen =
              instances
                  .lock(ref, actor.id())
                  .filter(s -> InstanceViews.isVisible(actor, s, attempts.now()))
                  .orElseThrow(RefusedException::notFound);
          ledger.setTarget(AuditTargets.service(seen.instance()));
          if (!Permissions.allows(
              InstanceViews.standing(actor, seen, attempts.now()), Action.DELETE)) {
            throw RefusedException.forbidden(
                "Only the owning user or an administrator deletes this service.");
          }
          precondition.demand(OptionalLong.of(seen.instance().version()));
          References usage = use.of(seen.instance().id(), actor);
          if (usage.count() > 0) {
            throw new RefusedException(new Refusal.Conflict("in_use", usage.sentence()));
          }
          if (seen.instance().isSystemLevel()) {
            catalogue.withdraw(seen.instance(), actor, ledger, () -> delete(seen.instance()));
          } else {
            delete(seen.instance());
          }
          ledger.recordChange(
              AuditAction.SERVICE_DELETE, AuditTargets.service(seen.instance()), List.of());
          return new Outcome.Deleted();
        },
        Outcome.Refused::new);
  }

  private void delete(Instance instance) {
    try {
      instances.delete(instance.id());
    } catch (StillReferenced e) {
      throw new RefusedException(
          new Refusal.Conflict("in_use", "Something still uses this service."));
    }
  }
}
