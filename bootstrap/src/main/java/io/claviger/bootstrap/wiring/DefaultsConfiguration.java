package io.claviger.bootstrap.wiring;

import io.claviger.application.defaults.DefaultServices;
import io.claviger.application.defaults.port.DefaultServiceStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.AuditedChanges;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DefaultsConfiguration {
  @Bean
  DefaultServices defaults(
      InstanceStore instances, DefaultServiceStore defaultServices, AuditedChanges changes) {
    return DefaultServices.of(instances, defaultServices, changes);
  }
}
