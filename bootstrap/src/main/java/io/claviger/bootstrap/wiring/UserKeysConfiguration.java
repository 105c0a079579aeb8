package io.claviger.bootstrap.wiring;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.userkeys.UserKeys;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class UserKeysConfiguration {
  @Bean
  UserKeys userKeys(
      InstanceStore instances, UserKeyStore keys, Sealer sealer, AuditedChanges changes) {
    return UserKeys.of(instances, keys, sealer, changes);
  }
}
