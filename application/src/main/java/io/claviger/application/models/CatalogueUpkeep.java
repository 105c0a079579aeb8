package io.claviger.application.models;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.ModelCatalogue;
import io.claviger.application.keys.KeyDecisions;
import io.claviger.application.models.port.ModelConfigStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.ModelConfig;
import java.time.Instant;
import java.util.List;

final class CatalogueUpkeep implements ModelCatalogue {
  private final ModelConfigStore models;
  private final InstanceStore instances;
  private final KeyDecisions resolution;
  private final Catalogue catalogue;
  private final AuditedChanges attempts;

  CatalogueUpkeep(
      ModelConfigStore models,
      InstanceStore instances,
      KeyDecisions resolution,
      Catalogue catalogue,
      AuditedChanges attempts) {
    this.models = models;
    this.instances = instances;
    this.resolution = resolution;
    this.catalogue = catalogue;
    this.attempts = attempts;
  }

  @Override
  public void lock() {
    models.lock();
  }

  @Override
  public void withdraw(Instance instance, Actor actor, ChangeLog ledger, Runnable deletion) {
    Instant now = attempts.now();
    Provider provider = instance.settings().fields().provider();
    record(models.deleteBoundTo(instance.id(), actor.id(), now), ledger);
    deletion.run();
    boolean remains =
        resolution.hasDeploymentKey(provider)
            || instances.holdOldestEnabled(provider, actor.id()).isPresent();
    if (!remains) {
      record(models.deleteUnboundOf(provider, actor.id(), now), ledger);
    }
    catalogue.mendDefault(actor, now, false, ledger);
  }

  private static void record(List<ModelConfig> deleted, ChangeLog ledger) {
    deleted.forEach(
        m -> ledger.recordChange(AuditAction.MODEL_DELETE, AuditTargets.model(m), List.of()));
  }
}
