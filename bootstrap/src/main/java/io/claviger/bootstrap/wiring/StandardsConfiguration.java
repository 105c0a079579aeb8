package io.claviger.bootstrap.wiring;

import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.standards.Standards;
import io.claviger.application.standards.port.ApiStandardStore;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class StandardsConfiguration {
  @Bean
  Standards standards(ApiStandardStore standards, AuditedChanges attempts) {
    return Standards.of(standards, attempts);
  }
}
