package io.claviger.bootstrap.wiring;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.ModelCatalogue;
import io.claviger.application.keys.port.DeploymentKeys;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.models.ModelConfigs;
import io.claviger.application.models.Models;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.persistence.PersistenceModule;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ModelsConfiguration {
  @Bean
  Models models(
      PersistenceModule persistence,
      Sealer sealer,
      DeploymentKeys deploymentKeys,
      AuditedChanges changes) {
    return Models.of(persistence.modelConfigs(), sealer, deploymentKeys, changes);
  }

  @Bean
  ModelConfigs modelConfigs(
      PersistenceModule persistence,
      InstanceStore instances,
      Sealer sealer,
      DeploymentKeys deploymentKeys,
      AuditedChanges changes) {
    return ModelConfigs.of(
        persistence.modelConfigs(), instances, sealer, deploymentKeys, changes);
  }

  /** What becomes of the catalogue when a service is deleted. */
  @Bean
  ModelCatalogue modelCatalogue(
      PersistenceModule persistence,
      InstanceStore instances,
      Sealer sealer,
      DeploymentKeys deploymentKeys,
      AuditedChanges changes) {
    return ModelConfigs.catalogueOf(
        persistence.modelConfigs(), instances, sealer, deploymentKeys, changes);
  }
}
