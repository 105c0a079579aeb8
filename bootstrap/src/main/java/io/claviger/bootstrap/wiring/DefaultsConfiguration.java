package io.claviger.bootstrap.wiring;

import io.claviger.application.defaults.DefaultsModule;
import io.claviger.application.instances.out.Instances;
import io.claviger.application.shared.Attempts;
import io.claviger.persistence.PersistenceModule;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DefaultsConfiguration {
  @Bean
  DefaultsModule defaults(Instances instances, PersistenceModule persistence, Attempts attempts) {
    return DefaultsModule.of(instances, persistence.defaultServices(), attempts);
  }
}
