package io.claviger.bootstrap.wiring;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.userkeys.UserKeysModule;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class UserKeysConfiguration {
  @Bean
  UserKeysModule userKeys(
      InstanceStore instances, UserKeyStore keys, Sealer sealer, AuditedChanges attempts) {
    return UserKeysModule.of(instances, keys, sealer, attempts);
  }
}
