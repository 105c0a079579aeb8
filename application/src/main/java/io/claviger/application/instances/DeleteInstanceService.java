package io.claviger.application.instances;

import io.claviger.application.instances.out.InstanceUse;
import io.claviger.application.instances.out.Instances;
import io.claviger.application.instances.out.ModelCatalogue;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.StillInUse;
import io.claviger.application.shared.Targets;
import io.claviger.application.shared.Usage;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import java.util.List;
import java.util.OptionalLong;

final class DeleteInstanceService implements DeleteInstance {
  private final Instances instances;
  private final InstanceUse use;
  private final ModelCatalogue catalogue;
  private final Attempts attempts;

  DeleteInstanceService(
      Instances instances, InstanceUse use, ModelCatalogue catalogue, Attempts attempts) {
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
        Targets.service(ref),
        ledger -> {
          if (ref.owner().isSystem()) {
            catalogue.lock();
          }
          Instances.Seen seen =
              instances
                  .lock(ref, actor.id())
                  .filter(s -> InstanceViews.isVisible(actor, s, attempts.now()))
                  .orElseThrow(RefusedException::notFound);
          ledger.about(Targets.service(seen.instance()));
          if (!Permissions.allows(
              InstanceViews.standing(actor, seen, attempts.now()), Action.DELETE)) {
            throw RefusedException.forbidden(
                "Only the owning user or an administrator deletes this service.");
          }
          precondition.demand(OptionalLong.of(seen.instance().version()));
          Usage usage = use.of(seen.instance().id(), actor);
          if (usage.count() > 0) {
            throw new RefusedException(new Refusal.Conflict("in_use", usage.sentence()));
          }
          if (seen.instance().isSystemLevel()) {
            catalogue.withdraw(seen.instance(), actor, ledger, () -> delete(seen.instance()));
          } else {
            delete(seen.instance());
          }
          ledger.changed(AuditAction.SERVICE_DELETE, Targets.service(seen.instance()), List.of());
          return new Outcome.Deleted();
        },
        Outcome.Refused::new);
  }

  private void delete(Instance instance) {
    try {
      instances.delete(instance.id());
    } catch (StillInUse e) {
      throw new RefusedException(
          new Refusal.Conflict("in_use", "Something still uses this service."));
    }
  }
}
