package io.claviger.application.models;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.ModelCatalogue;
import io.claviger.application.keys.KeyDecisions;
import io.claviger.application.keys.SecretOpener;
import io.claviger.application.keys.port.DeploymentKeys;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.models.port.ModelConfigStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.Ids;

/**
 * Builds the use cases of the model catalogue from what they need.
 *
 * @param catalogue for the deletion of system-level instances
 */
public record ModelsModule(
    FindModels findModels,
    FindModelConfigs findModelConfigs,
    WriteModelConfig writeModelConfig,
    DeleteModelConfig deleteModelConfig,
    ModelCatalogue catalogue) {

  public static ModelsModule of(
      ModelConfigStore models,
      InstanceStore instances,
      Sealer sealer,
      DeploymentKeys deploymentKeys,
      Ids ids,
      AuditedChanges attempts) {
    KeyDecisions resolution = new KeyDecisions(new SecretOpener(sealer), deploymentKeys);
    Catalogue catalogue = new Catalogue(models, resolution);
    return new ModelsModule(
        new FindModelsService(models, resolution, attempts),
        new FindModelConfigsService(models, catalogue),
        new WriteModelConfigService(models, new ModelBinding(instances), catalogue, ids, attempts),
        new DeleteModelConfigService(models, catalogue, attempts),
        new CatalogueUpkeep(models, instances, resolution, catalogue, attempts));
  }
}
