package io.claviger.application.models;

import io.claviger.application.instances.out.Instances;
import io.claviger.application.instances.out.ModelCatalogue;
import io.claviger.application.keys.KeyResolution;
import io.claviger.application.keys.StoredSecrets;
import io.claviger.application.keys.out.DeploymentKeys;
import io.claviger.application.keys.out.Sealer;
import io.claviger.application.models.out.ModelConfigs;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.out.Ids;

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
      ModelConfigs models,
      Instances instances,
      Sealer sealer,
      DeploymentKeys deploymentKeys,
      Ids ids,
      Attempts attempts) {
    KeyResolution resolution = new KeyResolution(new StoredSecrets(sealer), deploymentKeys);
    Catalogue catalogue = new Catalogue(models, resolution);
    return new ModelsModule(
        new FindModelsService(models, resolution, attempts),
        new FindModelConfigsService(models, catalogue),
        new WriteModelConfigService(models, new ModelBinding(instances), catalogue, ids, attempts),
        new DeleteModelConfigService(models, catalogue, attempts),
        new CatalogueUpkeep(models, instances, resolution, catalogue, attempts));
  }
}
