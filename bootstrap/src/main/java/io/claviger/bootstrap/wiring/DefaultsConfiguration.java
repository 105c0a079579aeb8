package io.claviger.bootstrap.wiring;

import io.claviger.application.defaults.DefaultsModule;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.persistence.PersistenceModule;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DefaultsConfiguration {
  @Bean
  DefaultsModule defaults(
      InstanceStore instances, PersistenceModule persistence, AuditedChanges attempts) {
    return DefaultsModule.of(instances, persistence.defaultServices(), attempts);
  }
}
