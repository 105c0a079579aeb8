package io.claviger.application.models;

import io.claviger.application.instances.out.Instances;
import io.claviger.application.instances.out.ModelCatalogue;
import io.claviger.application.keys.KeyResolution;
import io.claviger.application.models.out.ModelConfigs;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.Ledger;
import io.claviger.application.shared.Targets;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.ModelConfig;
import java.time.Instant;
import java.util.List;

final class CatalogueUpkeep implements ModelCatalogue {
  private final ModelConfigs models;
  private final Instances instances;
  private final KeyResolution resolution;
  private final Catalogue catalogue;
  private final Attempts attempts;

  CatalogueUpkeep(
      ModelConfigs models,
      Instances instances,
      KeyResolution resolution,
      Catalogue catalogue,
      Attempts attempts) {
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
  public void withdraw(Instance instance, Actor actor, Ledger ledger, Runnable deletion) {
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

  private static void record(List<ModelConfig> deleted, Ledger ledger) {
    deleted.forEach(m -> ledger.changed(AuditAction.MODEL_DELETE, Targets.model(m), List.of()));
  }
}
