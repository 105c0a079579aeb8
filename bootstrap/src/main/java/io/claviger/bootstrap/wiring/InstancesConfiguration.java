package io.claviger.bootstrap.wiring;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.definitions.port.DefinitionStore;
import io.claviger.application.instances.InstancesModule;
import io.claviger.application.instances.port.InstanceReferences;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.ModelCatalogue;
import io.claviger.application.keys.port.DeploymentKeys;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.standards.port.ApiStandardStore;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class InstancesConfiguration {
  @Bean
  InstancesModule instances(
      InstanceStore instances,
      InstanceReferences use,
      ModelCatalogue catalogue,
      ApiStandardStore standards,
      DefinitionStore definitions,
      UserStore users,
      UserKeyStore userKeys,
      Sealer sealer,
      DeploymentKeys deploymentKeys,
      Ids ids,
      AuditedChanges attempts) {
    return InstancesModule.of(
        instances,
        use,
        catalogue,
        standards,
        definitions,
        users,
        userKeys,
        sealer,
        deploymentKeys,
        ids,
        attempts);
  }
}
