package io.claviger.bootstrap.wiring;

import io.claviger.application.instances.out.Instances;
import io.claviger.application.instances.out.ModelCatalogue;
import io.claviger.application.keys.out.DeploymentKeys;
import io.claviger.application.keys.out.Sealer;
import io.claviger.application.models.ModelsModule;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.out.Ids;
import io.claviger.persistence.PersistenceModule;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ModelsConfiguration {
  @Bean
  ModelsModule models(
      PersistenceModule persistence,
      Instances instances,
      Sealer sealer,
      DeploymentKeys deploymentKeys,
      Ids ids,
      Attempts attempts) {
    return ModelsModule.of(
        persistence.modelConfigs(), instances, sealer, deploymentKeys, ids, attempts);
  }

  /** What becomes of the catalogue when a service is deleted. */
  @Bean
  ModelCatalogue modelCatalogue(ModelsModule models) {
    return models.catalogue();
  }
}
