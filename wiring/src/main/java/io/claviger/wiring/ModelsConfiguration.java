package io.claviger.wiring;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.ModelCatalogue;
import io.claviger.application.keys.port.DeploymentKeys;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.models.ModelConfigs;
import io.claviger.application.models.Models;
import io.claviger.application.models.port.ModelConfigStore;
import io.claviger.application.providers.port.ProviderStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.persistence.models.JdbcModelConfigs;
import io.claviger.persistence.shared.Database;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ModelsConfiguration {
  @Bean
  ModelConfigStore modelConfigStore(Database database) {
    return new JdbcModelConfigs(database);
  }

  @Bean
  Models models(
      ModelConfigStore store,
      Sealer sealer,
      DeploymentKeys deploymentKeys,
      AuditedChanges changes) {
    return Models.of(store, sealer, deploymentKeys, changes);
  }

  @Bean
  ModelConfigs modelConfigs(
      ModelConfigStore store,
      InstanceStore instances,
      Sealer sealer,
      DeploymentKeys deploymentKeys,
      ProviderStore providers,
      AuditedChanges changes) {
    return ModelConfigs.of(store, instances, sealer, deploymentKeys, providers, changes);
  }

  /** Returns the object that updates the catalogue when a service is deleted. */
  @Bean
  ModelCatalogue modelCatalogue(
      ModelConfigStore store,
      InstanceStore instances,
      Sealer sealer,
      DeploymentKeys deploymentKeys,
      AuditedChanges changes) {
    return ModelConfigs.catalogueOf(store, instances, sealer, deploymentKeys, changes);
  }
}
