package io.claviger.bootstrap.wiring;

import io.claviger.application.accounts.out.Users;
import io.claviger.application.definitions.out.Definitions;
import io.claviger.application.instances.InstancesModule;
import io.claviger.application.instances.out.InstanceUse;
import io.claviger.application.instances.out.Instances;
import io.claviger.application.instances.out.ModelCatalogue;
import io.claviger.application.keys.out.DeploymentKeys;
import io.claviger.application.keys.out.Sealer;
import io.claviger.application.keys.out.UserKeys;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.out.Ids;
import io.claviger.application.standards.out.ApiStandards;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class InstancesConfiguration {
  @Bean
  InstancesModule instances(
      Instances instances,
      InstanceUse use,
      ModelCatalogue catalogue,
      ApiStandards standards,
      Definitions definitions,
      Users users,
      UserKeys userKeys,
      Sealer sealer,
      DeploymentKeys deploymentKeys,
      Ids ids,
      Attempts attempts) {
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
