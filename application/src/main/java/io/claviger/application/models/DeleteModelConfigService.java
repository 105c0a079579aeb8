package io.claviger.application.models;

import io.claviger.application.models.port.ModelConfigStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelConfigId;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

final class DeleteModelConfigService implements DeleteModelConfig {
  private final ModelConfigStore models;
  private final Catalogue catalogue;
  private final AuditedChanges attempts;

  DeleteModelConfigService(ModelConfigStore models, Catalogue catalogue, AuditedChanges attempts) {
    this.models = models;
    this.catalogue = catalogue;
    this.attempts = attempts;
  }

  @Override
  public Outcome delete(Actor actor, ModelConfigId id, Precondition precondition) {
    return attempts.change(
        actor,
        AuditAction.MODEL_DELETE,
        AuditTargets.model(id.value().toString()),
        ledger -> {
          Catalogue.demandAdministrator(actor);
          models.lock();
          ModelConfig model = models.find(id).orElseThrow(RefusedException::notFound);
          precondition.demand(OptionalLong.of(model.version()));
          Instant now = attempts.now();
          models.delete(id, actor.id(), now);
          ledger.recordChange(AuditAction.MODEL_DELETE, AuditTargets.model(model), List.of());
          catalogue.mendDefault(actor, now, false, ledger);
          return new Outcome.Deleted();
        },
        Outcome.Refused::new);
  }
}
