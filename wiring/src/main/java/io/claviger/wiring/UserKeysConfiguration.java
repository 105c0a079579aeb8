package io.claviger.wiring;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.userkeys.UserKeys;
import io.claviger.persistence.keys.JdbcUserKeys;
import io.claviger.persistence.shared.Database;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class UserKeysConfiguration {
  @Bean
  UserKeyStore userKeyStore(Database database) {
    return new JdbcUserKeys(database);
  }

  @Bean
  UserKeys userKeys(
      InstanceStore instances, UserKeyStore keys, Sealer sealer, AuditedChanges changes) {
    return UserKeys.of(instances, keys, sealer, changes);
  }
}
