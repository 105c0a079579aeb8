package io.claviger.wiring;

import io.claviger.application.defaults.DefaultServices;
import io.claviger.application.defaults.port.DefaultServiceStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.persistence.defaults.JdbcDefaultServices;
import io.claviger.persistence.shared.Database;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DefaultsConfiguration {
  @Bean
  DefaultServiceStore defaultServiceStore(Database database) {
    return new JdbcDefaultServices(database);
  }

  @Bean
  DefaultServices defaults(
      InstanceStore instances, DefaultServiceStore defaultServices, AuditedChanges changes) {
    return DefaultServices.of(instances, defaultServices, changes);
  }
}
