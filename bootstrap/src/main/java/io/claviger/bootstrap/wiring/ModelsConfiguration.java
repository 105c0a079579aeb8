package io.claviger.bootstrap.wiring;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.ModelCatalogue;
import io.claviger.application.keys.port.DeploymentKeys;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.models.ModelsModule;
import io.claviger.application.models.port.ModelConfigStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.Ids;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ModelsConfiguration {
  @Bean
  ModelsModule models(
      ModelConfigStore modelConfigs,
      InstanceStore instances,
      Sealer sealer,
      DeploymentKeys deploymentKeys,
      Ids ids,
      AuditedChanges attempts) {
    return ModelsModule.of(modelConfigs, instances, sealer, deploymentKeys, ids, attempts);
  }

  /** Updates the catalogue when a service is deleted. */
  @Bean
  ModelCatalogue modelCatalogue(ModelsModule models) {
    return models.catalogue();
  }
}
